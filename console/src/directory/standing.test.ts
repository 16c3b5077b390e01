import { describe, expect, it } from "vitest";
import { standingOf, type DirectoryNow } from "./standing";

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
