import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { mayGive, roleMeans, roleName, ROLES } from "./roles";

describe("roles", () => {
  it.each([
    ["owner", ROLES],
    ["administrator", ["administrator", "editor", "designer", "auditor", "support"]],
    ["editor", []],
    ["support", []],
  ])("%s gives no more than it has", (own, given) => {
    expect(ROLES.filter((role) => mayGive(own, role))).toEqual(given);
  });

  it("are told apart in words", () => {
    const words = ROLES.map((role) => `${roleName(role, i18n.t)}: ${roleMeans(role, i18n.t)}`);
    expect(new Set(words).size).toBe(ROLES.length);
    expect(roleName("librarian", i18n.t)).toBe("librarian");
  });
});
