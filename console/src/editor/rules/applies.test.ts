/** Whatever the JSON can say comes through the forms unchanged, and what was emptied is gone. */
import { describe, expect, it, test } from "vitest";
import {
  exceptOf,
  exceptRecipientsOf,
  isAddressPattern,
  isDomainPattern,
  listed,
  recipientsOf,
  tidy,
  type Recipients,
} from "./applies";

describe("recipients", () => {
  it.each<[Recipients]>([
    ["any"],
    ["internal"],
    ["external"],
    [{ audience: "external", addresses: ["*@a.example"], domains: ["*.a.example"] }],
    [{ people: ["ada"], groups: ["sales"], judged: "all" }],
    [{ audience: "internal", judged: "any" }],
  ])("%j come back", (recipients) => expect(recipientsOf(listed(recipients))).toEqual(recipients));

  it.each<[Recipients, Recipients]>([
    [{ audience: "external" }, "external"],
    [{ audience: "any" }, "any"],
    [{ judged: "each", domains: [] }, "any"],
  ])("%j are written %j", (recipients, short) => expect(recipientsOf(listed(recipients))).toEqual(short));

  test("as an exception, any is none", () => {
    expect(exceptRecipientsOf({})).toBeUndefined();
    expect(exceptRecipientsOf({ audience: "external", judged: "any" })).toEqual({
      audience: "external",
      judged: "any",
    });
  });
});

test("what was emptied is gone, what says no or nought stays", () => {
  expect(tidy({ a: [], b: "", c: undefined, d: null, e: false, f: 0, g: ["x"] })).toEqual({ e: false, f: 0, g: ["x"] });
});

test("exceptions keep the sections that say something", () => {
  expect(exceptOf({ senders: { people: [] }, message: { has_attachment: false }, recipients: "internal" })).toEqual({
    message: { has_attachment: false },
    recipients: "internal",
  });
  expect(exceptOf({})).toEqual({});
});

it.each([
  ["contoso.example", true],
  ["*.contoso.example", true],
  ["münchen.example", true],
  ["*", true],
  ["con toso.example", false],
  ["a@b.example", false],
  [".example", false],
  ["", false],
])("%s as a domain: %s", (text, fits) => expect(isDomainPattern(text)).toBe(fits));

it.each([
  ["ada@contoso.example", true],
  ["*@contoso.example", true],
  ["sales-*", true],
  ["contoso.example", false],
  ["a da@contoso.example", false],
])("%s as an address: %s", (text, fits) => expect(isAddressPattern(text)).toBe(fits));
