import { describe, expect, it } from "vitest";
import { wantedPath } from "./next";

describe("where a person goes after signing in", () => {
  it.each([
    ["/t/contoso/signatures", "/t/contoso/signatures"],
    ["/t/contoso?tab=mail#top", "/t/contoso?tab=mail#top"],
    ["/", "/"],
    [undefined, "/"],
    [7, "/"],
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example/", "/"],
    ["/\t/evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["t/contoso", "/"],
  ])("%j leads to %s", (next, path) => {
    expect(wantedPath(next)).toBe(path);
  });
});
