/** Cases are told by the names of signatures, not by their ids. */
import { expect, test } from "vitest";
import type { TestMessage } from "../api/cases";
import { authorOf, deviationInWords, expectedInWords } from "./casesInWords";

const names = new Map([
  ["a", "Standard"],
  ["b", "Short"],
]);
const t = ((text: string, values: Record<string, string> = {}) =>
  text.replace(/{{(\w+)}}/g, (_, key: string) => values[key]!)) as never;

test("what is expected, and what comes instead", () => {
  const expected = [
    { recipient: "x@a.example", signatures: ["a", "b"] },
    { recipient: "y@a.example", signatures: [] },
  ];
  expect(expectedInWords({ name: "", message: {} as TestMessage, expected }, names, t, "en")).toEqual([
    "x@a.example gets Standard and Short",
    "y@a.example gets no signature",
  ]);
  const deviation = { recipient: "x@a.example", expected: ["a"], got: [], why: "a does not apply: it is internal" };
  expect(deviationInWords(deviation, names, t, "en")).toBe(
    "x@a.example would get no signature instead of Standard: “Standard” does not apply: it is internal.",
  );
});

test.each([
  ["Ada Vance <ada@contoso.example>", "ada@contoso.example"],
  ["ada@contoso.example", "ada@contoso.example"],
])("the author of %s", (value, author) => {
  const message = { recipients: [], headers: [{ name: "From", value }], kind: "first", html: true, plain: true };
  expect(authorOf(message as TestMessage)).toBe(author);
});
