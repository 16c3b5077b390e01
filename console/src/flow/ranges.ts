/**
 * The times that the dashboard shows, and what is asked for each.
 */
import type { TFunction } from "i18next";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

export const RANGES = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, quarter: 90 * DAY } as const;
export type Range = keyof typeof RANGES;

export const isRange = (text: unknown): text is Range => typeof text === "string" && text in RANGES;

/** Seconds of a step: as many as a chart shows well. */
const STEPS: Record<Range, number> = { hour: 60, day: 1800, week: 10_800, month: 86_400, quarter: 86_400 };

export const rangeInWords = (range: Range, t: TFunction): string =>
  ({
    hour: t("1 hour"),
    day: t("24 hours"),
    week: t("7 days"),
    month: t("30 days"),
    quarter: t("90 days"),
  })[range];

/** What is asked; it ends now. */
export const asked = (range: Range, now: Date) => ({
  from: new Date(now.getTime() - RANGES[range]).toISOString().replace(/\.\d+Z$/, "Z"),
  step: STEPS[range],
});

/** For the message trace, whose search is by days. */
export const daysOf = (range: Range): string => ({ hour: "1", day: "1", week: "7", month: "30", quarter: "" })[range];

/** What stands under a step: the time of day within a day, the day otherwise. */
export function stepInWords(start: string, range: Range, language: string): string {
  const at = new Date(start);
  if (range === "hour" || range === "day") {
    return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  }
  if (range === "week") {
    return new Intl.DateTimeFormat(language, { weekday: "short", hour: "2-digit", minute: "2-digit" }).format(at);
  }
  // A day of the server's begins at midnight in UTC.
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }).format(at);
}
