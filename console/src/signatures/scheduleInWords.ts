/**
 * When a signature is used, at a glance: “from 1 Dec 2026, weekdays 09:00–17:00, Europe/London”.
 */
import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";
import { andList } from "./lists";

export type Schedule = Schemas["Schedule"];
type Day = Schemas["Day"];

const WEEK: Day[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Null: always. */
export function scheduleInWords(schedule: Schedule | null | undefined, t: TFunction, language: string): string | null {
  if (!schedule) return null;
  const days = daysInWords(schedule.days ?? [], t, language);
  const hours = schedule.hours && `${schedule.hours.from}–${schedule.hours.until}`;
  const said = [
    schedule.from && t("from {{when}}", { when: whenInWords(schedule.from, language) }),
    schedule.until && t("until {{when}}", { when: whenInWords(schedule.until, language) }),
    [days, hours].filter(Boolean).join(" "),
  ].filter(Boolean);
  return said.length ? [...said, schedule.zone].join(", ") : null;
}

/** Whether it is over for good, by the clock of its zone. */
export function isOver(schedule: Schedule | null | undefined, now: Date): boolean {
  return Boolean(schedule?.until && clockOf(now, schedule.zone) >= withTime(schedule.until));
}

/** Whether its time has not begun. */
export function isToCome(schedule: Schedule | null | undefined, now: Date): boolean {
  return Boolean(schedule?.from && clockOf(now, schedule.zone) < withTime(schedule.from));
}

function daysInWords(days: Day[], t: TFunction, language: string): string | null {
  const chosen = WEEK.filter((day) => days.includes(day));
  if (chosen.length === 0 || chosen.length === 7) return null;
  const is = (...set: Day[]) => chosen.join() === set.join();
  if (is("monday", "tuesday", "wednesday", "thursday", "friday")) return t("weekdays");
  if (is("saturday", "sunday")) return t("weekends");
  return andList(
    chosen.map((day) => dayName(day, language)),
    language,
  );
}

/** Monday was 5 January 1970. */
function dayName(day: Day, language: string): string {
  const date = new Date(Date.UTC(1970, 0, 5 + WEEK.indexOf(day)));
  return new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(date);
}

/** A date, or a date and a time, as the clock of the zone shows it; no zone comes in. */
function whenInWords(local: string, language: string): string {
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(`${local.slice(0, 10)}T00:00:00Z`),
  );
  return local.length > 10 ? `${date} ${local.slice(11, 16)}` : date;
}

const withTime = (local: string) => (local.length > 10 ? local.slice(0, 16) : `${local}T00:00`);

/** What the clock of a zone shows, as `2026-12-01T09:00`. */
function clockOf(instant: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(instant);
  return parts.replace(" ", "T");
}
