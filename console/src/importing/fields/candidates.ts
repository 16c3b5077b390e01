/**
 * What of a person may stand in a signature, and how each is written as merge fields.
 */
import { valueOf } from "../../editor/design/facts";
import type { Fact, PersonEntry } from "../../editor/design/types";

export interface Candidate {
  /** One for each switch. */
  key: string;
  /** What it is looked for by. */
  value: string;
  kind: "text" | "phone" | "mail";
  /** Fields with the words between them. */
  parts: (string | { field: Fact })[];
  /** Found often where it is meant otherwise; to be switched on by hand. */
  doubtful: boolean;
}

const TEXTS: Fact[] = [
  "displayName",
  "jobTitle",
  "department",
  "office",
  "streetAddress",
  "postalCode",
  "city",
  "state",
  "country",
  "firstName",
  "lastName",
  ...Array.from({ length: 15 }, (_, at) => `extension${at + 1}`),
];
const PHONES: Fact[] = ["telephoneNumber", "mobileNumber", "faxNumber"];

/** The longest first, so that a name is found before its parts. */
export function candidatesOf(person: PersonEntry): Candidate[] {
  const of = (fact: Fact) => valueOf(fact, person);
  const found: Candidate[] = [];
  const add = (kind: Candidate["kind"], value: string | null, parts: Candidate["parts"]) => {
    const known = value && found.some((one) => one.kind === kind && one.value.toLowerCase() === value.toLowerCase());
    if (!value || known) return;
    const key = parts.map((part) => (typeof part === "string" ? part : part.field)).join("");
    found.push({ key, value, kind, parts, doubtful: value.length < 3 });
  };
  for (const fact of TEXTS) add("text", of(fact)?.replace(/\s+/g, " ") ?? null, [{ field: fact }]);
  const [first, last] = [of("firstName"), of("lastName")];
  if (first && last) {
    const [firstField, lastField] = [{ field: "firstName" }, { field: "lastName" }];
    add("text", `${first} ${last}`, [firstField, " ", lastField]);
    add("text", `${last}, ${first}`, [lastField, ", ", firstField]);
    add("text", `${last} ${first}`, [lastField, " ", firstField]);
  }
  for (const name of Object.keys(person.custom ?? {})) add("text", of(`custom.${name}`), [{ field: `custom.${name}` }]);
  for (const fact of PHONES) add("phone", of(fact), [{ field: fact }]);
  const mail = of("emailAddress");
  if (mail) {
    for (const address of [mail, ...person.addresses]) add("mail", address, [{ field: "emailAddress" }]);
  }
  return found.sort((one, other) => other.value.length - one.value.length);
}

/** Digits of a telephone number as they are dialled from abroad, without what stands for it at home. */
export function digitsOf(text: string): string {
  return text.replace(/\(0\)/g, "").replace(/\D/g, "").replace(/^0+/, "");
}

/** Whether two spellings are one number: with and without the code of its country. */
export function isSameNumber(one: string, other: string): boolean {
  const [short, long] = [digitsOf(one), digitsOf(other)].sort((a, b) => a.length - b.length);
  return short!.length >= 6 && long!.endsWith(short!) && long!.length - short!.length <= 3;
}
