import { describe, expect, it } from "vitest";
import type { Scope } from "../api/session";
import i18n from "../app/i18n";
import { destinations } from "./destinations";

const shown = (...scopes: Scope[]) =>
  destinations(i18n.t, { may: (scope) => scopes.includes(scope) }).map(({ label }) => label);

describe("the navigation shows what a role may open", () => {
  it.each<[Scope[], string[]]>([
    [[], ["Home"]],
    [["signatures:read"], ["Home", "Signatures", "Brand", "Guide"]],
    [
      ["signatures:read", "people:read"],
      ["Home", "Signatures", "Brand", "Tester", "Directory", "Guide"],
    ],
    [
      ["audit:read", "decisions:read", "team:read"],
      ["Home", "Mail flow", "Messages", "Team", "Audit log"],
    ],
    [["tenant:read"], ["Home", "Connection", "Settings"]],
  ])("%j", (scopes, labels) => {
    expect(shown(...scopes)).toEqual(labels);
  });
});
