/**
 * What is kept of the organisation's brand: colours, fonts and logos, each in the order in which they are offered.
 */
import { queryOptions } from "@tanstack/react-query";
import { api, revised, type Revised, type Schemas } from "../api/client";
import { tenantKey } from "../api/tenant";

export type BrandColour = Schemas["BrandColour"];
export type BrandLogo = Required<Schemas["BrandLogo"]>;

export interface Brand {
  colours: BrandColour[];
  /** Lists of font names, as they stand in a design. */
  fonts: string[];
  logos: BrandLogo[];
}

export const NO_BRAND: Brand = { colours: [], fonts: [], logos: [] };

export const brandQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "brand"],
    queryFn: async (): Promise<Revised<Brand>> => {
      const path = { tenant };
      const { value, revision } = await revised(api.GET("/api/v1/tenants/{tenant}/brand", { params: { path } }));
      const { colours = [], fonts = [], logos = [] } = value;
      return { value: { colours, fonts, logos: logos.map((logo) => ({ ...logo, alt: logo.alt ?? "" })) }, revision };
    },
  });
