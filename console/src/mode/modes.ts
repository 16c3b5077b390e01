/**
 * The four modes in words: what they are called, what each does to mail, and when one ends.
 */
import type { TFunction } from "i18next";
import type { Mode, ModeNow } from "../api/tenant";

export type ModeWord = "observe" | "pilot" | "live" | "bypass";

/** Who takes part in a pilot: ids of people and groups, or a word in the subject. */
export interface Pilot {
  people: string[];
  groups: string[];
  marker: string | null;
}

export const MODE_WORDS: ModeWord[] = ["observe", "pilot", "live", "bypass"];

export const wordOf = (mode: Mode): ModeWord => (typeof mode === "string" ? mode : "pilot");

export const pilotOf = (mode: Mode): Pilot => ({
  people: [],
  groups: [],
  marker: null,
  ...(typeof mode === "string" ? {} : mode.pilot),
});

export function modeName(word: ModeWord, t: TFunction): string {
  return { observe: t("Observe"), pilot: t("Pilot"), live: t("Live"), bypass: t("Bypass") }[word];
}

/** What happens to mail, in one sentence. */
export function modeMeans(word: ModeWord, t: TFunction): string {
  return {
    observe: t("Signet records what it would do. Every message goes out as it came."),
    pilot: t("Only messages of some people are signed. All others go out as they came."),
    live: t("Messages of everybody are signed as your signatures say."),
    bypass: t("Nothing is signed, at once. Mail flows on. For emergencies."),
  }[word];
}

/** “until 1 Dec 2026, 09:00, then Live”. */
export function endInWords(ends: ModeNow["ends"], t: TFunction, language: string): string | null {
  if (!ends) return null;
  const at = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(ends.at));
  return t("until {{at}}, then {{mode}}", { at, mode: modeName(wordOf(ends.then), t) });
}

/** A pilot needs somebody: people, a group, or a word in the subject. */
export const pilotIsEmpty = ({ people, groups, marker }: Pilot) =>
  people.length === 0 && groups.length === 0 && !marker?.trim();
