/** The region that a country proposes, if it is one of those offered; else this console's. */
import type { SignUpOpen } from "../api/account";

export function regionNear(country: string, { countries, regions, here }: SignUpOpen): string {
  const near = countries.find(({ code }) => code === country)?.region;
  return regions.find(({ id }) => id === near)?.id ?? here ?? "";
}
