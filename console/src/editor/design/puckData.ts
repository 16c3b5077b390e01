/**
 * Between our design and the data of Puck, the drag-and-drop canvas.
 *
 * Puck wants a list of `{type, props}`, every one with an id, and the blocks inside a block as lists among its props. So a
 * column, which is no block in our design, is an item of its own there: it can be chosen, moved and filled like one. All
 * other keys of a block are its props, untouched, so that nothing is lost on the way there and back.
 */
import type { Block, BlockType, Column, Design } from "./types";

/** What can be chosen on the canvas. */
export type ItemType = BlockType | "column";

/** One item of Puck. */
export interface Item {
  type: string;
  props: { id: string; [key: string]: unknown };
}

export interface PuckData {
  root: { props: Record<string, unknown> };
  content: Item[];
}

type Keys = Record<string, unknown>;

/** The props of each kind of item that hold items. An empty one of the optional is not written. */
const SLOTS: Record<string, { required: string[]; optional: string[] }> = {
  columns: { required: ["columns"], optional: [] },
  column: { required: ["blocks"], optional: [] },
  rows: { required: ["blocks"], optional: [] },
  if: { required: [], optional: ["shown", "otherwise"] },
};

const NO_SLOTS = { required: [], optional: [] };

/** The props of an item that hold items, in the order in which they are drawn. */
export function slotsOf(type: string): string[] {
  const { required, optional } = SLOTS[type] ?? NO_SLOTS;
  return [...required, ...optional];
}

/**
 * The key of the design for a slot. Props with a function called `then`, which Puck makes of a slot, would be taken for a
 * promise wherever they are waited for.
 */
export function keyOf(slot: string): string {
  return slot === "shown" ? "then" : slot;
}

/** Items inside an item, in one of its slots. */
export function itemsIn(item: Item, slot: string): Item[] {
  return (item.props[slot] as Item[] | undefined) ?? [];
}

/** A name for an item, good for as long as the editor is open. */
export function newId(type: string): string {
  return `${type}-${crypto.randomUUID()}`;
}

export function toPuck(design: Design, idFor: (type: string) => string = newId): PuckData {
  const { blocks, ...root } = design;
  return { root: { props: { ...root } }, content: blocks.map((block) => toItem(block, idFor)) };
}

/** A block with all that is in it. */
export function toItem(block: Block, idFor: (type: string) => string = newId): Item {
  const { type, ...keys } = block;
  return item(type, keys, idFor);
}

function item(type: string, keys: Keys, idFor: (type: string) => string): Item {
  const props: Item["props"] = { ...keys, id: idFor(type) };
  for (const slot of slotsOf(type)) {
    const within = (keys[keyOf(slot)] ?? []) as (Block | Column)[];
    delete props[keyOf(slot)];
    props[slot] = within.map((one) => {
      const { type: inner = "column", ...rest } = one as Keys;
      return item(inner as string, rest, idFor);
    });
  }
  return { type, props };
}

export function fromPuck(data: PuckData): Design {
  // Puck gives the root an id as well.
  const { id: _, ...root } = given(data.root.props) as Omit<Design, "blocks"> & { id?: string };
  return { ...root, blocks: data.content.map((one) => fromItem(one) as Block) };
}

/** The block of an item, or its column. */
export function fromItem({ type, props }: Item): Block | Column {
  const { required, optional } = SLOTS[type] ?? NO_SLOTS;
  const { id: _, ...keys } = props;
  const block: Keys = type === "column" ? given(keys) : { type, ...given(keys) };
  for (const slot of [...required, ...optional]) {
    const within = itemsIn({ type, props }, slot).map(fromItem);
    delete block[slot];
    if (within.length > 0 || required.includes(slot)) block[keyOf(slot)] = within;
  }
  return block as Block | Column;
}

/** What is there, without keys that were emptied. */
function given(keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}
