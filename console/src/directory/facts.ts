/** The facts of a person in a steady order, each with what is shown instead of it. */
import type { PersonEntry } from "../api/tenant";

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
