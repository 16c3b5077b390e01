import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { standingOf, type DirectoryNow } from "./standing";
import { standingInWords } from "./standingInWords";

const status = { enabled: true, running: false, failures: 0, next_ms: 0, people: 0, groups: 0 };
const result = (ended: "done" | "not_authorised" | "unreachable") => ({
  began_ms: 0,
  ended_ms: 1,
  ended,
  text: "",
  done: {},
});

describe("how the reading of a directory stands", () => {
  it.each<[string, DirectoryNow]>([
    ["off", {}],
    ["off", { settings: null, status }],
    ["first", { settings: {} }],
    ["no_consent", { settings: {}, status }],
    ["first", { settings: {}, status: { ...status, granted_ms: 5 } }],
    ["running", { settings: {}, status: { ...status, running: true } }],
    ["not_authorised", { settings: {}, status: { ...status, failures: 3, result: result("not_authorised") } }],
    ["failing", { settings: {}, status: { ...status, failures: 1, granted_ms: 5, result: result("unreachable") } }],
    ["fine", { settings: {}, status: { ...status, granted_ms: 5, result: result("done") } }],
  ])("%s", (standing, now) => {
    expect(standingOf(now)).toBe(standing);
  });
});

describe("how it stands, in words", () => {
  it.each([
    [1, 1, "1 person and 1 group, read"],
    [1204, 0, "1,204 people and 0 groups, read"],
  ])("%i people, %i groups", (people, groups, begin) => {
    const now = { settings: {}, status: { ...status, people, groups, result: result("done") } };
    expect(standingInWords("fine", now, i18n.t, "en-GB")).toContain(begin);
  });
});
