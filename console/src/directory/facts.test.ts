import { describe, expect, it } from "vitest";
import { factsMissing, factsOf, shownOf } from "./facts";

describe("the facts of a person", () => {
  it("come in a steady order, with what overrides them", () => {
    expect(
      factsOf({
        id: "ada",
        addresses: ["ada@contoso.example"],
        attributes: { extension10: "x", extension2: "y", city: "London", displayName: "Ada" },
        custom: { pronouns: "she/her" },
        overrides: { city: "", jobTitle: "Engineer" },
      }),
    ).toEqual([
      { fact: "displayName", value: "Ada" },
      { fact: "jobTitle", value: "", instead: "Engineer" },
      { fact: "city", value: "London", instead: "" },
      { fact: "custom.pronouns", value: "she/her" },
      { fact: "extension2", value: "y" },
      { fact: "extension10", value: "x" },
    ]);
  });

  it("are shown as they were put right, and those that nobody says can be added", () => {
    const ada = { id: "ada", addresses: [], attributes: { jobTitle: "Engineer", city: "London" }, overrides: { city: "" } };
    expect([shownOf(ada, "jobTitle"), shownOf(ada, "city"), shownOf(ada, "office")]).toEqual(["Engineer", "", undefined]);
    expect(factsMissing(ada)).toContain("office");
    expect(factsMissing(ada)).not.toContain("city");
  });

  it("are none where nothing is known", () => {
    expect(factsOf({ id: "x", addresses: [] })).toEqual([]);
  });
});
