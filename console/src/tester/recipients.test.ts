import { describe, expect, it } from "vitest";
import { addressesIn } from "./recipients";

describe("addresses in a text", () => {
  it.each([
    ["", []],
    ["nobody", []],
    ["a@x.example", ["a@x.example"]],
    [
      "a@x.example, b@y.example;c@z.example\n d@w.example",
      ["a@x.example", "b@y.example", "c@z.example", "d@w.example"],
    ],
    [`"Vance, Ada" <ada@contoso.example>; Bob <bob@contoso.example>`, ["ada@contoso.example", "bob@contoso.example"]],
    ["a@x.example a@x.example", ["a@x.example"]],
  ])("%j", (text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses);
  });
});
