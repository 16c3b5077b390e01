import { describe, expect, it } from "vitest";
import { idFor } from "./ids";

describe("ids for what is new", () => {
  it.each([
    ["Standard", [], "standard"],
    ["Sales – Übersee (2026)", [], "sales-ubersee-2026"],
    ["Standard", ["standard"], "standard-2"],
    ["Standard", ["standard", "standard-2"], "standard-3"],
    ["署名", [], "signature"],
    ["署名", ["signature"], "signature-2"],
    ["x".repeat(200), [], "x".repeat(60)],
  ])("%s beside %j is %s", (name, taken, id) => {
    expect(idFor(name, taken, "signature")).toBe(id);
  });
});
