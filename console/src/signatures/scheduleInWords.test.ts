import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { isOver, isToCome, scheduleInWords, type Schedule } from "./scheduleInWords";

const zone = "Europe/London";

const table: [Schedule | null, string | null][] = [
  [null, null],
  [{ zone }, null],
  [{ zone, days: [] }, null],
  [{ zone, from: "2026-12-01" }, "from 1 Dec 2026, Europe/London"],
  [{ zone, from: "2026-12-01T09:00", until: "2027-01-06" }, "from 1 Dec 2026 09:00, until 6 Jan 2027, Europe/London"],
  [
    {
      zone,
      from: "2026-12-01",
      days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      hours: { from: "09:00", until: "17:00" },
    },
    "from 1 Dec 2026, weekdays 09:00–17:00, Europe/London",
  ],
  [{ zone, days: ["sunday", "saturday"] }, "weekends, Europe/London"],
  [{ zone, days: ["friday", "monday"] }, "Mon and Fri, Europe/London"],
  [{ zone, hours: { from: "22:00", until: "06:00" } }, "22:00–06:00, Europe/London"],
];

describe("a schedule in words", () => {
  it.each(table)("%j", (schedule, text) => {
    expect(scheduleInWords(schedule, i18n.t, "en-GB")).toBe(text);
  });
});

describe("before and after a schedule, by the clock of its zone", () => {
  const auckland = { zone: "Pacific/Auckland", from: "2026-12-01", until: "2026-12-02T12:00" };
  it.each([
    ["2026-11-30T10:59:00Z", true, false],
    ["2026-11-30T11:00:00Z", false, false],
    ["2026-12-01T22:59:00Z", false, false],
    ["2026-12-01T23:00:00Z", false, true],
  ])("at %s: to come %s, over %s", (instant, toCome, over) => {
    expect(isToCome(auckland, new Date(instant))).toBe(toCome);
    expect(isOver(auckland, new Date(instant))).toBe(over);
  });

  it("is neither without a schedule", () => {
    expect(isToCome(null, new Date())).toBe(false);
    expect(isOver(undefined, new Date())).toBe(false);
  });
});
