/**
 * The parts of `applies` as a form changes them: what was emptied is taken away, and whatever the form does not show
 * stays as it is.
 */
import type { Applies, SignatureEntry } from "../design/types";

export type Senders = NonNullable<Applies["senders"]>;
export type MessageIs = NonNullable<Applies["message"]>;
export type Schedule = NonNullable<Applies["schedule"]>;
export type Recipients = NonNullable<Applies["recipients"]>;
export type Listed = Exclude<Recipients, string>;
export type Except = NonNullable<Applies["except"]>;
export type Trial = NonNullable<SignatureEntry["trial"]>;

/** Without keys that say nothing. */
export function tidy<Part extends object>(part: Part): Part {
  const said = Object.entries(part).filter(([, value]) => !saysNothing(value));
  return Object.fromEntries(said) as Part;
}

function saysNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Recipients as an object, however they are written. */
export function listed(recipients: Recipients | null | undefined): Listed {
  if (recipients === null || recipients === undefined) return {};
  return typeof recipients === "string" ? (recipients === "any" ? {} : { audience: recipients }) : recipients;
}

/** As short as they can be written: a word where nobody is named. */
export function recipientsOf(list: Listed): Recipients {
  const { audience = "any", judged = "each", ...named } = tidy(list);
  const isWord = Object.keys(named).length === 0 && judged === "each";
  if (isWord) return audience;
  return { ...(audience !== "any" && { audience }), ...named, ...(judged !== "each" && { judged }) };
}

/** Exceptions for recipients are not there where they except nobody. */
export function exceptRecipientsOf(list: Listed): Recipients | undefined {
  const recipients = recipientsOf(list);
  return recipients === "any" ? undefined : recipients;
}

/** Exceptions without the sections that except nothing. */
export function exceptOf(except: Except): Except {
  return tidy({ ...except, senders: orNothing(except.senders), message: orNothing(except.message) });
}

/** A section that is left out when it says nothing. */
export function orNothing<Part extends object>(part: Part | null | undefined): Part | undefined {
  const said = tidy(part ?? {});
  return Object.keys(said).length > 0 ? (said as Part) : undefined;
}

/** A domain of a condition: labels of letters, digits, `-` and `_`, with `*` for any text. */
export function isDomainPattern(text: string): boolean {
  return /^[\p{L}\p{N}*_-]+(\.[\p{L}\p{N}*_-]+)*$/u.test(text);
}

/** An address of a condition: it has an `@` or a `*`, and no blanks. */
export function isAddressPattern(text: string): boolean {
  return /^\S+$/.test(text) && /[@*]/.test(text);
}
