import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { explainedInWords } from "./explainedInWords";

const names = new Map([
  ["a", "Standard"],
  ["b", "Fair"],
]);

describe("what a recipient would get, in words", () => {
  it.each([
    [{ signatures: ["a", "b"] }, "Gets Standard and Fair."],
    [{ signatures: ["gone"] }, "Gets gone."],
    [{ signatures: [], left: "no_signature" }, "No signature applies to it."],
    [
      { signatures: [], left: "observe", would_be: ["a"] },
      "The mode is observe: nothing is changed. Without that: Standard.",
    ],
    [{ signatures: [] }, "Gets nothing."],
  ])("%j", (told, sentence) => {
    expect(explainedInWords(told, names, i18n.t, "en-GB")).toBe(sentence);
  });
});
