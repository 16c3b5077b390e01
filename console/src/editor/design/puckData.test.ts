/** Whatever a design holds comes back from the canvas: every template that ships, and any tree at all. */
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { everyItem, itemAt } from "./places";
import { fromPuck, itemsIn, slotsOf, toPuck, type Item } from "./puckData";
import { anyDesign } from "./anyDesign";
import type { Design } from "./types";

const LIBRARY = resolve(import.meta.dirname, "../../../../src/tenant/library/templates");

const templates = readdirSync(LIBRARY).map((name) => ({
  name,
  design: (JSON.parse(readFileSync(resolve(LIBRARY, name), "utf8")) as { design: Design }).design,
}));

function counted() {
  let count = 0;
  return (type: string) => `${type}-${(count += 1)}`;
}

describe("the templates of the library", () => {
  test("are there", () => expect(templates.length).toBeGreaterThanOrEqual(30));

  it.each(templates)("$name comes back as it was", ({ design }) => {
    expect(fromPuck(toPuck(design, counted()))).toEqual(design);
  });
});

test("any design comes back as it was, with an id for every item", () => {
  fc.assert(
    fc.property(anyDesign, (design) => {
      const data = toPuck(design, counted());
      expect(fromPuck(data)).toEqual(design);
      const ids = everyItem(data).map(({ item }) => item.props.id);
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

test("what is on the canvas comes back from the design, whatever its ids", () => {
  const bare = (item: Item): unknown => {
    const { id: _, ...keys } = item.props;
    const slots = Object.fromEntries(slotsOf(item.type).map((slot) => [slot, itemsIn(item, slot).map(bare)]));
    return { type: item.type, ...keys, ...slots };
  };
  fc.assert(
    fc.property(anyDesign, (design) => {
      const data = toPuck(design, counted());
      const again = toPuck(fromPuck(data), counted());
      expect(again.content.map(bare)).toEqual(data.content.map(bare));
    }),
  );
});

test("a key that was emptied is not written", () => {
  const data = toPuck({ version: 1, blocks: [{ type: "divider", colour: "#123456", thickness: 1, width: 20 }] });
  data.content[0]!.props.width = undefined;
  expect(fromPuck(data).blocks).toStrictEqual([{ type: "divider", colour: "#123456", thickness: 1 }]);
});

test("every item is found at its place", () => {
  fc.assert(
    fc.property(anyDesign, (design) => {
      const data = toPuck(design, counted());
      for (const { item, place } of everyItem(data)) {
        expect(itemAt(data, place)).toEqual({ id: item.props.id, rest: "" });
        expect(itemAt(data, `${place}/link`)).toEqual({ id: item.props.id, rest: "link" });
      }
    }),
  );
});

describe("places of problems", () => {
  const data = toPuck(
    {
      version: 1,
      blocks: [
        { type: "spacer", height: 4 },
        { type: "columns", gap: 8, columns: [{ blocks: [] }, { blocks: [{ type: "text", lines: [["x"]] }] }] },
      ],
    },
    counted(),
  );
  it.each([
    ["/design/style/font", { id: null, rest: "style/font" }],
    ["/design/blocks", { id: null, rest: "blocks" }],
    ["/design/blocks/1/columns/1/blocks/0/lines/0/1", { id: "text-5", rest: "lines/0/1" }],
    ["/design/blocks/1/columns/1/width", { id: "column-4", rest: "width" }],
    ["/design/blocks/9", { id: null, rest: "" }],
    ["/applies/schedule/zone", null],
    ["", null],
  ])("%s", (place, expected) => expect(itemAt(data, place)).toEqual(expected));
});
