/**
 * The chosen part of a message as the blocks of a design: in, elements as they came; out, what the editor edits.
 */
import type { Block, Design, Style } from "../../editor/design/types";
import { BASE, SMALL_PRINT, withStyle, type Look } from "../../editor/design/look";
import { everyBlock } from "../../editor/design/walk";
import { assemble } from "./blocks";
import { cssOf } from "./css";
import { Flow } from "./flow";
import { alignOf } from "./lines";
import { safeLink, type Around, type Loss, type PictureShown, type Reading, type Size } from "./reading";
import { smallPrint } from "./smallPrint";
import { styleOf } from "./style";

export interface Converted {
  design: Design;
  /** In the order in which they are shown. */
  pictures: PictureShown[];
  losses: Loss[];
}

/** Browsers put lines closer than designs do. */
const BEGINNING: Style = { leading: 120 };

/** Pieces, each the nodes of a line or of more; `sizeOf` tells the size of a picture that is at hand. */
export function convert(pieces: Node[][], sizeOf: (src: string) => Size | undefined): Converted {
  const nodes = pieces.flat();
  const document = nodes[0]?.ownerDocument;
  if (!document) return { design: { version: 1, blocks: [] }, pictures: [], losses: [] };
  const reading: Reading = { css: cssOf(document), sizeOf, pictures: [], losses: new Set() };
  const flow = new Flow(reading);
  for (const piece of pieces) if (piece[0]) flow.read(piece, aroundOf(piece[0], reading));
  const blocks = smallPrint(assemble(flow.items));
  const shown = new Set(everyBlock({ version: 1, blocks }).map(({ block }) => ("image" in block ? block.image : "")));
  const rtl = nodes.some(
    (node) => (node as Element).closest?.("[dir=rtl]") ?? node.parentElement?.closest("[dir=rtl]"),
  );
  return {
    design: { ...hoisted(blocks), ...(rtl && { direction: "rtl" as const }) },
    pictures: reading.pictures.filter(({ id }) => shown.has(id)),
    losses: [...reading.losses],
  };
}

/** What the elements around a node say of it. */
function aroundOf(node: Node, reading: Reading): Around {
  const chain: Element[] = [];
  for (let parent = node.parentElement; parent; parent = parent.parentElement) chain.unshift(parent);
  return chain.reduce<Around>(
    (around, element) => {
      const css = reading.css(element);
      return {
        style: styleOf(element, css, around.style),
        align: alignOf(css["text-align"] ?? element.getAttribute("align"), around.align),
        link: element.localName === "a" ? safeLink(element.getAttribute("href")) : around.link,
        depth: 0,
      };
    },
    { style: BEGINNING, align: "left", depth: 0 },
  );
}

const SHARED = ["font", "size", "colour", "leading"] as const;

/** What most of the text has in common is said once, by the design. */
function hoisted(blocks: Block[]): Design {
  const texts = everyBlock({ version: 1, blocks }).flatMap(({ block }) =>
    block.type === "text" || block.type === "disclaimer" ? [block] : [],
  );
  const style: Record<string, unknown> = {};
  for (const key of SHARED) {
    const counts = new Map<unknown, number>();
    for (const { lines, style: own } of texts) {
      const value = own?.[key] ?? BASE[key];
      counts.set(value, (counts.get(value) ?? 0) + lines.length);
    }
    const [most] = [...counts].sort(([, one], [, other]) => other - one);
    if (most && most[0] !== BASE[key]) style[key] = most[0];
  }
  for (const block of texts) {
    const whole: Look = withStyle(BASE, block.style);
    const inherited = withStyle(withStyle(BASE, style as Style), block.type === "disclaimer" ? SMALL_PRINT : {});
    const keys = (Object.keys(whole) as (keyof Look)[]).filter((key) => whole[key] !== inherited[key]);
    if (keys.length > 0) block.style = Object.fromEntries(keys.map((key) => [key, whole[key]]));
    else delete block.style;
  }
  return { version: 1, ...(Object.keys(style).length > 0 && { style: style as Style }), blocks };
}
