/**
 * What surrounds an element: a field of colour, a line all round, a thick line at one side.
 */
import type { Bar, Block, Frame } from "../../editor/design/types";
import { blocksOf } from "./blocks";
import type { Declarations } from "./css";
import type { Around, Reading } from "./reading";
import { background, edge, sides, whole, type Side } from "./values";

/** Blocks inside each other; the server takes eight. */
export const DEEPEST = 6;

const ALL: Side[] = ["top", "right", "bottom", "left"];

/** The frame of an element, `undefined` if there is none to be seen. */
export function frameOf(element: Element, css: Declarations): Frame | undefined {
  const paint = background(element, css);
  const edges = ALL.map((side) => edge(css, side));
  const round = edges.every(Boolean) ? edges[0] : undefined;
  const bar = round ? undefined : barOf(edges.flatMap((line, at) => (line ? [{ side: ALL[at]!, ...line }] : [])));
  if (!paint && !round && !bar) return undefined;
  const padding = sides(css, "padding");
  const bound = (value = 0) => Math.round(Math.min(60, Math.max(0, value)));
  const upright = bound(Math.max(padding.top ?? 0, padding.bottom ?? 0));
  const level = bound(Math.max(padding.left ?? 0, padding.right ?? 0));
  const radius = whole(css["border-radius"], 0, 40);
  return {
    ...(paint && { background: paint }),
    ...(round && { border: round.colour }),
    ...(radius && { radius }),
    ...(upright && { padding: upright }),
    ...(level !== upright && { sides: level }),
    ...(bar && { bar }),
  };
}

/** One line at the left or right. Above and below it is a block of its own. */
function barOf(lines: { side: Side; colour: string; thickness: number }[]): Bar | undefined {
  const [line] = lines;
  return lines.length === 1 && line && (line.side === "left" || line.side === "right") ? (line as Bar) : undefined;
}

/** An element with a frame as blocks; `null` if it has none. */
export function framed(element: Element, css: Declarations, reading: Reading, around: Around): Block[] | null {
  const frame = frameOf(element, css);
  if (!frame) return null;
  if (around.depth >= DEEPEST) {
    reading.losses.add("deep");
    return null;
  }
  const blocks = blocksOf([...element.childNodes], { ...around, depth: around.depth + 1 }, reading);
  return blocks.length === 0 ? [] : [inFrame(blocks, frame)];
}

/** A button is a frame already, and a frame around one frame is none. */
export function inFrame(blocks: Block[], frame: Frame): Block {
  return { type: "rows", blocks, gap: 0, frame };
}
