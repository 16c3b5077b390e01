import { afterEach, describe, expect, it, vi } from "vitest";
import i18n from "../app/i18n";
import { endOf, type ModeEnd } from "./ModeEndChoice";
import { endInWords, pilotIsEmpty, pilotOf, wordOf } from "./modes";

afterEach(() => {
  vi.useRealTimers();
});

describe("modes", () => {
  it.each([
    ["observe", "observe"],
    ["live", "live"],
    [{ pilot: { people: ["ada"] } }, "pilot"],
  ] as const)("%j is %s", (mode, word) => {
    expect(wordOf(mode as never)).toBe(word);
  });

  it("fills in what a pilot leaves out", () => {
    expect(pilotOf({ pilot: { groups: ["sales"] } })).toEqual({ people: [], groups: ["sales"], marker: null });
    expect(pilotOf("live")).toEqual({ people: [], groups: [], marker: null });
  });

  it.each([
    [{ people: [], groups: [], marker: null }, true],
    [{ people: [], groups: [], marker: "  " }, true],
    [{ people: ["ada"], groups: [], marker: null }, false],
    [{ people: [], groups: ["sales"], marker: null }, false],
    [{ people: [], groups: [], marker: "signet-pilot" }, false],
  ])("%j is empty: %s", (pilot, empty) => {
    expect(pilotIsEmpty(pilot)).toBe(empty);
  });

  it("tells when a mode ends, and how it goes on", () => {
    const ends = { at: "2026-12-01T12:00:00Z", then: "live" } as const;
    expect(endInWords(ends, i18n.t, "en-GB")).toMatch(/^until 1 Dec 2026, \d\d:00, then Live$/);
    expect(endInWords(null, i18n.t, "en-GB")).toBeNull();
  });
});

describe("the end of a mode as the API takes it", () => {
  it.each<[ModeEnd, object | null]>([
    [{ kind: "never" }, {}],
    [{ kind: "for", span: "4h" }, { for: "4h" }],
    [{ kind: "until", local: "" }, null],
    [{ kind: "until", local: "2026-11-22T11:59" }, null],
  ])("%j", (end, sent) => {
    vi.useFakeTimers({ now: new Date("2026-11-22T12:00") });
    expect(endOf(end)).toEqual(sent);
  });

  it("is an instant in UTC", () => {
    vi.useFakeTimers({ now: new Date("2026-11-22T12:00") });
    const expected = new Date("2026-11-22T12:30").toISOString().replace(".000Z", "Z");
    expect(endOf({ kind: "until", local: "2026-11-22T12:30" })).toEqual({ until: expected });
  });
});
