/**
 * What the console asks about the organisation itself: its name, its trial or subscription, and whether it leaves.
 */
import { queryOptions } from "@tanstack/react-query";
import { revised, api, type Schemas } from "../api/client";
import { tenantKey } from "../api/tenant";

export type Organisation = Schemas["Organisation"];

export const organisationQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "organisation"],
    queryFn: () => revised(api.GET("/api/v1/tenants/{tenant}/organisation", { params: { path: { tenant } } })),
    staleTime: 60_000,
  });
