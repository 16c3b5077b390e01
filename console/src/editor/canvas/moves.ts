/**
 * Where an item may be moved without a mouse: up, down, into a container beside it or into another column, and out of the
 * one it is in. Pure; the canvas carries it out.
 */
import { itemsIn, slotsOf, type Item, type PuckData } from "../design/puckData";

/** A place in a list of items. `zone` is Puck's name for the list. */
export interface Target {
  zone: string;
  index: number;
}

/** Which container a move leads into. */
export interface Into extends Target {
  kind: "column" | "frame" | "then" | "otherwise";
  /** Which of several columns, from 1. */
  number: number;
}

export interface Moves {
  from: Target;
  up: Target | null;
  down: Target | null;
  into: Into[];
  out: Target | null;
}

export const ROOT_ZONE = "root:default-zone";

const zoneOf = (item: Item, slot: string) => `${item.props.id}:${slot}`;

interface Spot {
  items: Item[];
  zone: string;
  index: number;
  /** The item that it is in, with the spot of that. */
  parent: { item: Item; spot: Spot } | null;
}

export function movesOf(data: PuckData, id: string): Moves | null {
  const spot = find(data.content, ROOT_ZONE, null, id);
  if (!spot) return null;
  const { items, zone, index } = spot;
  const isColumn = items[index]?.type === "column";
  return {
    from: { zone, index },
    up: index > 0 ? { zone, index: index - 1 } : null,
    down: index < items.length - 1 ? { zone, index: index + 1 } : null,
    into: isColumn ? [] : [...otherColumns(spot), ...neighbours(spot)],
    out: isColumn ? null : outOf(spot),
  };
}

function find(items: Item[], zone: string, parent: Spot["parent"], id: string): Spot | null {
  for (const [index, item] of items.entries()) {
    const spot = { items, zone, index, parent };
    if (item.props.id === id) return spot;
    for (const slot of slotsOf(item.type)) {
      const found = find(itemsIn(item, slot), zoneOf(item, slot), { item, spot }, id);
      if (found) return found;
    }
  }
  return null;
}

/** The columns beside the one in which the item is. */
function otherColumns({ parent }: Spot): Into[] {
  if (parent?.item.type !== "column") return [];
  return parent.spot.items.flatMap((column, at) =>
    column === parent.item ? [] : [end(column, "blocks", "column", at + 1)],
  );
}

/** The containers right before and right after the item. */
function neighbours({ items, index }: Spot): Into[] {
  const beside = [items[index - 1], items[index + 1]].filter((item) => item !== undefined);
  return beside.flatMap((item) => containers(item));
}

function containers(item: Item): Into[] {
  switch (item.type) {
    case "columns":
      return itemsIn(item, "columns").map((column, at) => end(column, "blocks", "column", at + 1));
    case "rows":
      return [end(item, "blocks", "frame", 1)];
    case "if":
      return [end(item, "shown", "then", 1), end(item, "otherwise", "otherwise", 1)];
    default:
      return [];
  }
}

function end(item: Item, slot: string, kind: Into["kind"], number: number): Into {
  return { zone: zoneOf(item, slot), index: itemsIn(item, slot).length, kind, number };
}

/** Behind the container it is in. A column lies in a list of columns, where no block may stand. */
function outOf({ parent }: Spot): Target | null {
  if (!parent) return null;
  const container = parent.item.type === "column" ? parent.spot.parent?.spot : parent.spot;
  return container ? { zone: container.zone, index: container.index + 1 } : null;
}

/** Where a new block goes: behind what is chosen, into it when it is an empty container, else to the end. */
export function placeForNew(data: PuckData, chosen: string | null): Target {
  const last: Target = { zone: ROOT_ZONE, index: data.content.length };
  const spot = chosen === null ? null : find(data.content, ROOT_ZONE, null, chosen);
  const item = spot?.items[spot.index];
  if (!spot || !item) return last;
  if (item.type === "column") return { zone: zoneOf(item, "blocks"), index: itemsIn(item, "blocks").length };
  const empty = containers(item).find(({ index }) => index === 0);
  return empty ? { zone: empty.zone, index: 0 } : { zone: spot.zone, index: spot.index + 1 };
}
