/** The facts of a person in a steady order, each with what is shown instead of it. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../api/client";
import { tenantKey, type PersonEntry } from "../api/tenant";

export type OverrideTold = Schemas["OverrideTold"];

/** What was put right by hand of a person. */
export const overridesQuery = (tenant: string, person: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "overrides", person],
    queryFn: async () => {
      const path = { tenant, person };
      return (await answer(api.GET("/api/v1/tenants/{tenant}/people/{person}/overrides", { params: { path } })))
        .overrides;
    },
  });

export interface FactShown {
  fact: string;
  value: string;
  /** What overrides it; empty where it is hidden. */
  instead?: string;
}

const FIRST = [
  "displayName",
  "firstName",
  "lastName",
  "jobTitle",
  "department",
  "office",
  "emailAddress",
  "telephoneNumber",
  "mobileNumber",
  "faxNumber",
  "streetAddress",
  "postalCode",
  "city",
  "state",
  "country",
];

/** What signatures show of a person. */
export const shownOf = ({ attributes = {}, overrides = {} }: PersonEntry, fact: keyof typeof attributes) =>
  overrides[fact] ?? attributes[fact];

/** Those that a directory could say and does not. */
export const factsMissing = (person: PersonEntry): string[] => {
  const there = new Set(factsOf(person).map(({ fact }) => fact));
  return FIRST.filter((fact) => !there.has(fact));
};

export function factsOf({ attributes = {}, custom = {}, overrides = {} }: PersonEntry): FactShown[] {
  const values = new Map([
    ...Object.entries(attributes),
    ...Object.entries(custom).map(([name, value]) => [`custom.${name}`, value] as const),
  ]);
  const all = new Set([...values.keys(), ...Object.keys(overrides)]);
  const others = [...all]
    .filter((fact) => !FIRST.includes(fact))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return [...FIRST.filter((fact) => all.has(fact)), ...others].map((fact) => ({
    fact,
    value: values.get(fact) ?? "",
    ...(fact in overrides && { instead: overrides[fact] }),
  }));
}
