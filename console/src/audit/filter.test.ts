import { describe, expect, it } from "vitest";
import { ALL_ACTS, authorOf, soughtActs } from "./filter";

const now = new Date("2026-11-22T12:34:56.500Z");

describe("which acts are looked for", () => {
  it.each([
    [{}, {}],
    [{ days: "7" }, { from: "2026-11-15T00:00:00Z" }],
    [
      { author: "ac_1", action: "signature", object: " standard " },
      { author: "ac_1", action: "signature", object: "standard" },
    ],
  ])("%j", (said, sought) => {
    expect(soughtActs({ ...ALL_ACTS, ...said }, now)).toEqual(sought);
  });

  it.each([
    ["account ac_1", "ac_1"],
    ["token tk_1 (my export)", "tk_1"],
    ["command by ada", "command"],
    ["signet", "signet"],
  ])("%s is found by %s", (author, word) => {
    expect(authorOf(author)).toBe(word);
  });
});
