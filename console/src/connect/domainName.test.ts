import { describe, expect, it } from "vitest";
import { domainIn, isDomain, shortName } from "./domainName";

describe("the domain in what was typed", () => {
  it.each([
    [" Contoso.COM ", "contoso.com", true],
    ["ada@contoso.com", "contoso.com", true],
    ["https://www.contoso.com/about?x=1", "www.contoso.com", true],
    ["contoso.com.", "contoso.com", true],
    ["münchen.example", "münchen.example", true],
    ["contoso", "contoso", false],
    ["contoso .com", "contoso .com", false],
    ["", "", false],
  ])("%j", (text, domain, good) => {
    expect(domainIn(text)).toBe(domain);
    expect(isDomain(domainIn(text))).toBe(good);
  });
});

it.each([
  ["_signet.contoso.com", "contoso.com", "_signet"],
  ["_signet.contoso.com", "other.example", "_signet.contoso.com"],
])("%s at %s is entered as %s", (name, domain, short) => {
  expect(shortName(name, domain)).toBe(short);
});
