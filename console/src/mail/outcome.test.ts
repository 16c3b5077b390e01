import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome";

describe("what became of a message", () => {
  it.each([
    [[{ signatures: ["standard", "fair"] }], "signed", ["standard", "fair"], []],
    [[{ signatures: ["a"] }, { signatures: ["a", "b"] }], "signed", ["a", "b"], []],
    [[{ reason: "observe" }], "left", [], ["observe"]],
    [[{ signatures: ["a"] }, { reason: "no_signature" }], "signed", ["a"], ["no_signature"]],
    [[{ ledger: "repeated" }], "repeated", [], []],
    [[], "repeated", [], []],
    [null, "repeated", [], []],
    [[null, 7, { signatures: [7] }], "repeated", [], []],
  ])("%j", (legs, kind, signatures, reasons) => {
    expect(outcomeOf({ legs, verdict: "accepted" })).toEqual({ kind, signatures, reasons });
  });

  it.each(["deferred", "refused", "lost"])("is not that it was signed when it was %s", (verdict) => {
    expect(outcomeOf({ legs: [{ signatures: ["standard"] }], verdict })).toMatchObject({ kind: verdict });
  });
});
