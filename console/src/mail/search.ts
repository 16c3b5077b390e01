/** What the search form of messages looks for, and the address of the page that says the same. */
import type { Sought } from "../api/tenant";

/** What stands in the address of the page: another page can lead to some messages. */
export interface TraceSearch {
  /** An address or a Message-ID. */
  what?: string;
  /** Empty: without a limit. */
  days?: string;
  outcome?: string;
  reason?: string;
  signature?: string;
}

export type SearchForm = Required<TraceSearch>;

export const EVERYTHING: SearchForm = { what: "", days: "7", outcome: "", reason: "", signature: "" };

const DAY = 24 * 60 * 60 * 1000;

/** Whatever stands in an address: only texts of the form are taken. */
export function traceSearch(search: Record<string, unknown>): TraceSearch {
  const keys = Object.keys(EVERYTHING) as (keyof TraceSearch)[];
  // A router reads `7` as a number.
  const text = (value: unknown) => (typeof value === "number" ? String(value) : value);
  return Object.fromEntries(keys.map((key) => [key, text(search[key])]).filter(([, value]) => typeof value === "string"));
}

/** What differs from everything, for the address. */
export const shortened = (form: SearchForm): TraceSearch =>
  traceSearch(
    Object.fromEntries(Object.entries(form).filter(([key, value]) => value !== EVERYTHING[key as keyof SearchForm])),
  );

/** What looks like a Message-ID is looked for as one, all else as an address. */
export function soughtBy({ what, days, outcome, reason, signature }: SearchForm, now: Date): Sought {
  const text = what.trim();
  const sought: Sought = {};
  if (days) sought.from = new Date(now.getTime() - Number(days) * DAY).toISOString().replace(/\.\d+Z$/, "Z");
  if (outcome) sought.outcome = outcome;
  if (reason) sought.reason = reason;
  if (signature) sought.signature = signature;
  if (!text) return sought;
  return isMessageId(text) ? { ...sought, message_id: text } : { ...sought, address: text };
}

/** Mail programs write ids in angle brackets; those of Microsoft 365 are known by their domains. */
const isMessageId = (text: string) =>
  /^<.*>$/.test(text) || /@[^@]*\.prod\.outlook\.com$/i.test(text) || !text.includes("@");
