import { describe, expect, it } from "vitest";
import type { SignatureEntry } from "../api/tenant";
import { arrangementOf, orderOf, rearranged, sectionOf, sectionsOf, shifted } from "./arrangement";

const signature = (id: string, folder?: string): SignatureEntry => ({
  id,
  design: { version: 1, blocks: [] },
  ...(folder && { folder }),
});
const folders = [{ id: "campaigns" }, { id: "empty" }];
const sections = sectionsOf(
  [signature("a"), signature("x", "campaigns"), signature("b"), signature("y", "campaigns"), signature("lost", "gone")],
  folders,
);
const arrangement = arrangementOf(sections);

describe("signatures as they are tried", () => {
  it("goes folder by folder, those in none last", () => {
    expect(arrangement).toEqual({
      "folder:campaigns": ["x", "y"],
      "folder:empty": [],
      "in-no-folder": ["a", "b", "lost"],
    });
    expect(orderOf(sections, arrangement)).toEqual(["x", "y", "a", "b", "lost"]);
    expect(sectionOf(sections, arrangement, "y")?.folder?.id).toBe("campaigns");
  });

  it.each([
    ["y", -1, ["y", "x", "a", "b", "lost"], "campaigns"],
    ["x", -1, null, null],
    ["y", 1, ["x", "y", "a", "b", "lost"], "empty"],
    ["a", -1, ["x", "y", "a", "b", "lost"], "empty"],
    ["b", -1, ["x", "y", "b", "a", "lost"], undefined],
    ["lost", 1, null, null],
    ["nobody", 1, null, null],
  ] as const)("%s moved by %i", (id, by, order, folder) => {
    const moved = shifted(sections, arrangement, id, by);
    expect(moved && orderOf(sections, moved)).toEqual(order);
    if (moved) expect(sectionOf(sections, moved, id)?.folder?.id).toBe(folder);
  });

  it("takes a signature into its new folder, and out of it", () => {
    const into = rearranged(sections, shifted(sections, arrangement, "a", -1)!);
    expect(into.find(({ id }) => id === "a")).toEqual(signature("a", "empty"));
    const out = rearranged(sections, {
      ...arrangement,
      "folder:campaigns": ["x"],
      "in-no-folder": ["y", "a", "b", "lost"],
    });
    expect(out.find(({ id }) => id === "y")).toEqual(signature("y"));
    expect(out.map(({ id }) => id)).toEqual(["x", "y", "a", "b", "lost"]);
  });
});
