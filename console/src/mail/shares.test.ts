import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import type { Leg } from "./outcome";
import { sharesOf } from "./shares";

const t = ((text: string, values: Record<string, string> = {}) =>
  text.replace(/{{(\w+)}}/g, (_, name: string) => values[name] ?? "")) as TFunction;

const recipients = ["one@fabrikam.example", "two@fabrikam.example", "three@contoso.example"];
const told = (legs: Leg[]) => sharesOf({ legs, recipients }, (id) => id.toUpperCase(), t);

describe("who got what", () => {
  it("is told with the names of signatures and recipients", () => {
    expect(
      told([
        { signatures: ["standard", "fair"], recipients: [0, 2] },
        { ledger: "repeated", recipients: [1] },
      ]),
    ).toEqual([
      { recipients: [recipients[0], recipients[2]], got: "STANDARD, FAIR" },
      { recipients: [recipients[1]], got: "had it already by an earlier try" },
    ]);
  });

  it("is told of all where they are not named, with what would have been", () => {
    expect(told([{ reason: "observe", would_be: ["standard"] }])).toEqual([
      { recipients, got: "The mode is observe: nothing is changed. It would have got STANDARD." },
    ]);
  });

  it("leaves out places that are none", () => {
    expect(told([{ reason: "no_such_reason", recipients: [1, 9] }])).toEqual([
      { recipients: [recipients[1]], got: "no_such_reason" },
    ]);
  });
});
