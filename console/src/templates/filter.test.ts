import { describe, expect, it } from "vitest";
import { filtered, tagsOf } from "./filter";

const templates = [
  { id: "a", name: "Plain", description: "Name and telephone", tags: ["simple"] },
  { id: "b", name: "Photo left", description: "With a photo", tags: ["photo", "simple"] },
  { id: "c", name: "Summer banner", description: "A banner with a link", tags: ["banner"] },
];

describe("finding a design", () => {
  it.each([
    ["", "", ["a", "b", "c"]],
    ["photo", "", ["b"]],
    ["LEFT photo", "", ["b"]],
    ["", "simple", ["a", "b"]],
    ["banner", "simple", []],
    ["  ", "banner", ["c"]],
  ])("%j of %j", (search, tag, ids) => {
    expect(filtered(templates, search, tag).map(({ id }) => id)).toEqual(ids);
  });

  it("knows each tag once, in the order of the library", () => {
    expect(tagsOf(templates)).toEqual(["simple", "photo", "banner"]);
  });
});
