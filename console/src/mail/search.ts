/** What the search form of messages looks for. */
import type { Sought } from "../api/tenant";

export interface SearchForm {
  /** An address or a Message-ID. */
  what: string;
  /** Empty: without a limit. */
  days: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** What looks like a Message-ID is looked for as one, all else as an address. */
export function soughtBy({ what, days }: SearchForm, now: Date): Sought {
  const text = what.trim();
  const sought: Sought = {};
  if (days) sought.from = new Date(now.getTime() - Number(days) * DAY).toISOString().replace(/\.\d+Z$/, "Z");
  if (!text) return sought;
  return isMessageId(text) ? { ...sought, message_id: text } : { ...sought, address: text };
}

/** Mail programs write ids in angle brackets; those of Microsoft 365 are known by their domains. */
const isMessageId = (text: string) =>
  /^<.*>$/.test(text) || /@[^@]*\.prod\.outlook\.com$/i.test(text) || !text.includes("@");
