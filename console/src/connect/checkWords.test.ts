import { expect, it } from "vitest";
import { outcomeOf, recordIn, worstFirst } from "./checkWords";

const check = (subject: string, outcome: string) => ({ check: "spf", subject, outcome, found: "" });

it("shows what fails first, and the rest in its order", () => {
  const outcomes = { a: "good", b: "warning", c: "failed", d: "good", e: "new" };
  const checks = Object.entries(outcomes).map(([subject, outcome]) => check(subject, outcome));
  expect(worstFirst(checks).map(({ subject }) => subject)).toEqual(["c", "b", "e", "a", "d"]);
  expect(outcomeOf(check("e", "new"))).toBe("unknown");
});

it.each([
  [
    'contoso.com TXT "v=spf1 include:spf.protection.outlook.com -all"',
    { name: "contoso.com", kind: "TXT", value: "v=spf1 include:spf.protection.outlook.com -all" },
  ],
  ["Take out includes that are not used any more.", null],
  ['Set contoso.com TXT "v=spf1 -all" there.', null],
])("finds the record in %j", (advice, record) => {
  expect(recordIn(advice)).toEqual(record);
});
