/** Every place that a mouse could drag an item to can be reached by steps, and no block lands between columns. */
import { describe, expect, it, test } from "vitest";
import type { Item, PuckData } from "../design/puckData";
import { movesOf, placeForNew } from "./moves";

const item = (type: string, id: string, slots: Record<string, Item[]> = {}): Item => ({
  type,
  props: { id, ...slots },
});

const data: PuckData = {
  root: { props: {} },
  content: [
    item("text", "a"),
    item("columns", "b", {
      columns: [
        item("column", "b1", { blocks: [item("text", "c"), item("logo", "d")] }),
        item("column", "b2", { blocks: [] }),
      ],
    }),
    item("spacer", "e"),
    item("rows", "f", { blocks: [item("if", "g", { shown: [item("text", "h")], otherwise: [] })] }),
  ],
};

const ROOT = "root:default-zone";
const short = (target: { zone: string; index: number } | null) => (target ? `${target.zone} ${target.index}` : null);

describe("moves", () => {
  it.each<[string, string | null, string | null, string[], string | null]>([
    ["a", null, `${ROOT} 1`, ["b1:blocks 2", "b2:blocks 0"], null],
    ["b", `${ROOT} 0`, `${ROOT} 2`, [], null],
    ["b1", null, "b:columns 1", [], null],
    ["b2", "b:columns 0", null, [], null],
    ["c", null, "b1:blocks 1", ["b2:blocks 0"], `${ROOT} 2`],
    ["d", "b1:blocks 0", null, ["b2:blocks 0"], `${ROOT} 2`],
    ["e", `${ROOT} 1`, `${ROOT} 3`, ["b1:blocks 2", "b2:blocks 0", "f:blocks 1"], null],
    ["g", null, null, [], `${ROOT} 4`],
    ["h", null, null, [], "f:blocks 1"],
  ])("of %s", (id, up, down, into, out) => {
    const moves = movesOf(data, id);
    expect([short(moves!.up), short(moves!.down), moves!.into.map(short), short(moves!.out)]).toEqual([
      up,
      down,
      into,
      out,
    ]);
  });

  test("of what is not there", () => expect(movesOf(data, "x")).toBeNull());

  test("columns are told by their number", () => {
    expect(movesOf(data, "c")!.into).toMatchObject([{ kind: "column", number: 2 }]);
    expect(movesOf(data, "e")!.into.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      "column 1",
      "column 2",
      "frame 1",
    ]);
  });
});

describe("a new block", () => {
  it.each<[string | null, string]>([
    [null, `${ROOT} 4`],
    ["gone", `${ROOT} 4`],
    ["a", `${ROOT} 1`],
    ["c", "b1:blocks 1"],
    ["b1", "b1:blocks 2"],
    ["b", "b2:blocks 0"],
    ["f", `${ROOT} 4`],
    ["g", "g:otherwise 0"],
  ])("after %s goes to %s", (chosen, expected) => expect(short(placeForNew(data, chosen))).toBe(expected));
});
