import { describe, expect, it } from "vitest";
import { EVERYTHING, shortened, soughtBy, traceSearch } from "./search";

const now = new Date("2026-11-22T12:00:00.500Z");

describe("what is looked for", () => {
  it.each([
    ["", "", {}],
    ["  ", "1", { from: "2026-11-21T12:00:00Z" }],
    ["Ada@Contoso.example ", "", { address: "Ada@Contoso.example" }],
    ["<a.b@mail.example>", "7", { message_id: "<a.b@mail.example>", from: "2026-11-15T12:00:00Z" }],
    [
      "AM0PR04MB1@AM0PR04MB1.eurprd04.prod.outlook.com",
      "",
      { message_id: "AM0PR04MB1@AM0PR04MB1.eurprd04.prod.outlook.com" },
    ],
    ["20261122.1234", "", { message_id: "20261122.1234" }],
  ])("%j within %j days", (what, days, sought) => {
    expect(soughtBy({ ...EVERYTHING, what, days }, now)).toEqual(sought);
  });

  it("is said by what came of the messages", () => {
    const form = { ...EVERYTHING, days: "", outcome: "left", reason: "observe", signature: "standard" };
    expect(soughtBy(form, now)).toEqual({ outcome: "left", reason: "observe", signature: "standard" });
  });
});

describe("the address of the page", () => {
  it("holds what differs from everything", () => {
    expect(shortened(EVERYTHING)).toEqual({});
    expect(shortened({ ...EVERYTHING, reason: "observe", days: "" })).toEqual({ reason: "observe", days: "" });
  });

  it("is read as texts, whatever stands there", () => {
    expect(traceSearch({ days: 30, reason: "observe", outcome: { a: 1 }, other: "x" })).toEqual({
      days: "30",
      reason: "observe",
    });
  });
});
