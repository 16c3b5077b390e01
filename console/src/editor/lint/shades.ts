/**
 * Every text of a design with its colour, its size and what is behind it, after all that surrounds it.
 */
import { BASE, SMALL_PRINT, withStyle, type Look } from "../design/look";
import { wordsOf } from "../design/walk";
import { isField, type Block, type Design, type Frame } from "../design/types";

export interface Shade {
  place: string;
  colour: string;
  /** `null`: whatever the mail program has there. */
  background: string | null;
  size: number;
  bold: boolean;
  /** Of a block that is small print by its nature. */
  smallPrint: boolean;
}

interface Around {
  look: Look;
  background: string | null;
}

export function shades(design: Design): Shade[] {
  const found: Shade[] = [];
  blocks(design.blocks, "/design/blocks", { look: withStyle(BASE, design.style), background: null }, found);
  return found;
}

function blocks(list: Block[], place: string, around: Around, found: Shade[]) {
  list.forEach((block, at) => visit(block, `${place}/${at}`, around, found));
}

function visit(block: Block, place: string, around: Around, found: Shade[]) {
  const inside = (frame: Frame | null | undefined): Around => ({
    ...around,
    background: frame?.background ?? around.background,
  });
  switch (block.type) {
    case "columns":
      block.columns.forEach((column, at) =>
        blocks(column.blocks, `${place}/columns/${at}/blocks`, inside(column.frame), found),
      );
      break;
    case "rows":
      blocks(block.blocks, `${place}/blocks`, inside(block.frame), found);
      break;
    case "if":
      blocks(block.then ?? [], `${place}/then`, around, found);
      blocks(block.otherwise ?? [], `${place}/otherwise`, around, found);
      break;
    default:
      found.push(...shadesOf(block, place, around));
  }
}

function shadesOf(block: Block, place: string, { look, background }: Around): Shade[] {
  const shade = (text: Look, behind: string | null, smallPrint = false): Shade => ({
    place,
    colour: text.colour,
    background: behind,
    size: text.size,
    bold: text.weight === "bold",
    smallPrint,
  });
  switch (block.type) {
    case "text":
    case "disclaimer": {
      const smallPrint = block.type === "disclaimer";
      const own = withStyle(smallPrint ? withStyle(look, SMALL_PRINT) : look, block.style);
      const seen = block.lines.flat().filter((span) => isField(span) || wordsOf(span).trim() !== "");
      return seen.map((span) => {
        const style = typeof span === "string" ? undefined : span.style;
        return shade(withStyle(own, style), background, smallPrint);
      });
    }
    case "button": {
      const face = block.outline ? block.colour : "#ffffff";
      const text = withStyle(withStyle(look, { colour: face, weight: "bold" }), block.style);
      return [shade(text, block.outline ? background : block.colour)];
    }
    case "photo":
      return block.initials
        ? [
            shade(
              { ...BASE, colour: "#ffffff", size: (block.height ?? block.width) * 0.4, weight: "bold" },
              block.initials,
            ),
          ]
        : [];
    default:
      return [];
  }
}
