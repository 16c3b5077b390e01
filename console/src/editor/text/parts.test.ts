/** Links and alternative texts come back from the line in which they are edited. */
import { expect, it } from "vitest";
import { fromLine, toLine, type Parts } from "./parts";

it.each<[Parts]>([
  ["https://a.example/"],
  [""],
  [["tel:", { field: "telephoneNumber" }]],
  [[{ field: "custom.booking", format: ["trim"] }]],
])("%j", (parts) => expect(fromLine(toLine(parts))).toEqual(parts));

it("one text in pieces is one text, and what is not there is empty", () => {
  expect(fromLine(["a", "b"])).toBe("ab");
  expect(toLine(null)).toEqual([]);
});

it("what a link cannot carry is left out", () => {
  const field = { field: "city", before: "in ", style: { size: 12 } };
  expect(fromLine([{ text: "a", style: { size: 9 } }, field])).toEqual(["a", { field: "city" }]);
});
