import { describe, expect, it } from "vitest";
import { outcomeOf, type Leg, type Outcome } from "./outcome";

describe("what became of a message", () => {
  const cases: [Leg[], Outcome["kind"], string[], string[], string[]][] = [
    [[{ signatures: ["standard", "fair"] }], "signed", ["standard", "fair"], [], []],
    [[{ signatures: ["a"] }, { signatures: ["a", "b"] }], "signed", ["a", "b"], [], []],
    [[{ reason: "observe" }], "left", [], ["observe"], []],
    [[{ reason: "observe", would_be: ["a"] }, { reason: "observe", would_be: ["b", "a"] }], "left", [], ["observe"], ["a", "b"]],
    [[{ signatures: ["a"] }, { reason: "no_signature" }], "signed", ["a"], ["no_signature"], []],
    [[{ ledger: "repeated" }], "repeated", [], [], []],
    [[], "repeated", [], [], []],
  ];
  it.each(cases)("%j", (legs, kind, signatures, reasons, wouldBe) => {
    expect(outcomeOf({ legs, verdict: "accepted" })).toEqual({ kind, signatures, reasons, wouldBe });
  });

  it.each(["deferred", "refused", "lost"])("is not that it was signed when it was %s", (verdict) => {
    expect(outcomeOf({ legs: [{ signatures: ["standard"] }], verdict })).toMatchObject({ kind: verdict });
  });
});
