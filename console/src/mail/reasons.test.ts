import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { reasonInWords, reasons } from "./reasons";

/** The list of the product itself, so that a new reason without words is noticed. */
const source = readFileSync("../src/imprint/reason.rs", "utf8");
const words = [...source.matchAll(/=> "([a-z_]+)",/g)].map((match) => match[1]!);

describe("reasons in words", () => {
  it("has a sentence for each reason of the product, and no other", () => {
    expect(words.length).toBeGreaterThan(30);
    expect(Object.keys(reasons(i18n.t)).sort()).toEqual([...words].sort());
  });

  it("lets an unknown one stand for itself", () => {
    expect(reasonInWords("from_the_future", i18n.t)).toBe("from_the_future");
  });
});
