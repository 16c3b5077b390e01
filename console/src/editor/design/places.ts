/**
 * From a place in a signature, as the API names it (`/design/blocks/0/columns/1/blocks/2/link`), to the item on the canvas,
 * and back: so that what is wrong is shown where it is.
 */
import { itemsIn, keyOf, slotsOf, type Item, type PuckData } from "./puckData";

/** Where a place leads. */
export interface Found {
  /** Of the item; `null` is the design as a whole. */
  id: string | null;
  /** The rest of the place, inside the item: `link`, or `lines/0/1`. */
  rest: string;
}

const BLOCKS = "/design/blocks/";

/** The innermost item at a place; `null` for a place outside of the design. */
export function itemAt(data: PuckData, place: string): Found | null {
  if (!place.startsWith("/design")) return null;
  if (!place.startsWith(BLOCKS)) return { id: null, rest: place.slice("/design/".length) };
  let items = data.content;
  let found: Found = { id: null, rest: "" };
  let steps = place.slice(BLOCKS.length).split("/");
  for (;;) {
    const item = items[Number(steps[0])];
    if (!item) return found;
    const rest = steps.slice(1);
    found = { id: item.props.id, rest: rest.join("/") };
    const slot = slotsOf(item.type).find((one) => keyOf(one) === rest[0]);
    if (slot === undefined) return found;
    items = itemsIn(item, slot);
    steps = rest.slice(1);
  }
}

/** Every item with its place, in the order in which they are drawn. */
export function everyItem(data: PuckData): { item: Item; place: string }[] {
  const all: { item: Item; place: string }[] = [];
  const visit = (items: Item[], list: string) =>
    items.forEach((item, at) => {
      const place = `${list}/${at}`;
      all.push({ item, place });
      for (const slot of slotsOf(item.type)) visit(itemsIn(item, slot), `${place}/${keyOf(slot)}`);
    });
  visit(data.content, "/design/blocks");
  return all;
}
