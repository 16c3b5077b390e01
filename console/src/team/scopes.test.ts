import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { scopeGroups, scopesInWords } from "./scopes";

describe("what a token permits", () => {
  it("names every scope of the API once", () => {
    const scopes = scopeGroups(i18n.t).flatMap((group) => group.scopes.map(({ scope }) => scope));
    expect([...scopes].sort()).toEqual([
      "audit:read",
      "connect:write",
      "decisions:read",
      "drafts:write",
      "mode:write",
      "people:read",
      "people:write",
      "signatures:read",
      "signatures:write",
      "team:read",
      "team:write",
      "tenant:read",
      "tenant:write",
    ]);
  });

  it("is told in words, and an unknown scope as it is", () => {
    expect(scopesInWords(["audit:read", "moon:write"], i18n.t)).toEqual(["See the audit log", "moon:write"]);
  });
});
