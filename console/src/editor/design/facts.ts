/**
 * The merge fields: what a signature can show of a person, with their names in plain language.
 */
import type { Fact } from "./types";

/** The attributes of the directory, the most wanted first, by their English names. */
const ATTRIBUTES: Record<string, string> = {
  displayName: "Display name",
  firstName: "First name",
  lastName: "Last name",
  jobTitle: "Job title",
  department: "Department",
  emailAddress: "E-mail address",
  telephoneNumber: "Telephone",
  mobileNumber: "Mobile",
  faxNumber: "Fax",
  office: "Office",
  streetAddress: "Street address",
  city: "City",
  state: "State or county",
  postalCode: "Postcode",
  country: "Country",
};

const EXTENSIONS = Array.from({ length: 15 }, (_, at) => `extension${at + 1}`);

/** To which part of the list a field belongs. */
export type FactGroup = "person" | "custom" | "extension" | "manager";

export interface NamedFact {
  fact: Fact;
  group: FactGroup;
}

/** How a text of the interface is looked up. */
export type Translate = (text: string, values?: Record<string, unknown>) => string;

/** What a field is called. */
export function factName(fact: Fact, t: Translate): string {
  if (fact.startsWith("manager.")) {
    return t("Manager’s {{fact}}", { fact: factName(fact.slice("manager.".length), t).toLowerCase() });
  }
  if (fact.startsWith("custom.")) return fact.slice("custom.".length);
  const extension = /^extension(\d+)$/.exec(fact);
  if (extension) return t("Extension {{number}}", { number: extension[1] });
  return t(ATTRIBUTES[fact] ?? fact);
}

/** Every field there is, with the custom ones that are known. */
export function everyFact(custom: string[]): NamedFact[] {
  const own = [...new Set(custom)].sort().map((name) => `custom.${name}`);
  const named = (facts: Fact[], group: FactGroup) => facts.map((fact) => ({ fact, group }));
  return [
    ...named(Object.keys(ATTRIBUTES), "person"),
    ...named(own, "custom"),
    ...named(EXTENSIONS, "extension"),
    ...named(
      [...Object.keys(ATTRIBUTES), ...own].map((fact) => `manager.${fact}`),
      "manager",
    ),
  ];
}

/** Whether a field is one of the organisation's own, as it may be written: 1 to 64 letters, digits, `-` and `_`. */
export function isCustomName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name);
}

/** Those whose name or word has the text in it. */
export function searchFacts(facts: NamedFact[], text: string, t: Translate): NamedFact[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return facts;
  return facts.filter(({ fact }) => `${factName(fact, t)} ${fact}`.toLowerCase().includes(wanted));
}

/** What a person's signature shows for a field; `null` when it is empty. Overrides go first, as when it is drawn. */
export function valueOf(
  fact: Fact,
  person: { attributes?: object; custom?: object; overrides?: object } | null | undefined,
): string | null {
  if (!person || fact.startsWith("manager.")) return null;
  const over = (person.overrides as Record<string, string> | undefined)?.[fact];
  const own = fact.startsWith("custom.")
    ? (person.custom as Record<string, string> | undefined)?.[fact.slice("custom.".length)]
    : (person.attributes as Record<string, string> | undefined)?.[fact];
  const value = (over ?? own ?? "").trim();
  return value === "" ? null : value;
}
