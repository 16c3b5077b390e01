import { expect, it } from "vitest";
import { tokenState } from "./tokenState";

it.each([
  [{ expires: "2026-12-01T00:00:00Z" }, "good"],
  [{ expires: "2026-11-01T00:00:00Z" }, "expired"],
  [{ expires: "2026-12-01T00:00:00Z", revoked: "2026-10-01T00:00:00Z" }, "revoked"],
])("a token of %j is %s", (token, state) => {
  expect(tokenState(token, Date.parse("2026-11-22T00:00:00Z"))).toBe(state);
});
