/**
 * One cell of a table: what is in it, and how it is set.
 */
import type { Block, Frame } from "../../editor/design/types";
import { blocksOf } from "./blocks";
import { buttonOfCell } from "./button";
import type { Declarations } from "./css";
import { frameOf } from "./frame";
import { alignOf } from "./lines";
import type { Around, Reading } from "./reading";
import { styleOf } from "./style";
import { edge, pixels, sides, whole, type Edge, type Side } from "./values";

export interface Cell {
  element: Element;
  blocks: Block[];
  padding: Record<Side, number>;
  width?: number;
  height?: number;
  vertical: "top" | "middle" | "bottom";
  edges: Partial<Record<Side, Edge>>;
  frame?: Frame;
}

export function cellOf(element: Element, table: Element, around: Around, reading: Reading): Cell {
  const css: Declarations = { ...rowCss(element, reading), ...reading.css(element) };
  const row = element.parentElement;
  const style = styleOf(element, css, row ? styleOf(row, reading.css(row), around.style) : around.style);
  const align = alignOf(css["text-align"] ?? element.getAttribute("align") ?? row?.getAttribute("align"), "left");
  const usual = pixels(table.getAttribute("cellpadding")) ?? 0;
  const said = sides(css, "padding", style.size);
  const padding = { top: usual, right: usual, bottom: usual, left: usual, ...said };
  let blocks = blocksOf(element.childNodes, { ...around, style, align }, reading);
  let frame = frameOf(element, css);
  const button = blocks.length === 1 && frame?.background ? buttonOfCell(element, css, blocks[0]) : null;
  if (button) [blocks, frame] = [[button], undefined];
  const width = css["width"]?.includes("%")
    ? undefined
    : whole(css["width"] ?? plain(element.getAttribute("width")), 1, 1200);
  const edges = (["top", "right", "bottom", "left"] as const).map((side) => [side, edge(css, side)] as const);
  const pictures = blocks.length > 0 && blocks.every(({ type }) => /^(image|logo|banner|photo|spacer)$/.test(type));
  return {
    element,
    blocks,
    padding,
    // A column of pictures is as wide as they are.
    ...(width && !pictures && { width }),
    height: whole(css["height"], 0, 200),
    vertical: verticalOf(css["vertical-align"] ?? element.getAttribute("valign") ?? row?.getAttribute("valign")),
    edges: Object.fromEntries(edges.filter(([, line]) => line)),
    ...(frame && { frame }),
  };
}

/** What a row says is true of its cells. */
function rowCss(element: Element, reading: Reading): Declarations {
  const row = element.parentElement;
  const {
    "background-color": paint,
    background,
    "text-align": align,
    "vertical-align": vertical,
  } = row ? reading.css(row) : {};
  const attribute = row?.getAttribute("bgcolor");
  return {
    ...(attribute && { "background-color": attribute }),
    ...(background && { background }),
    ...(paint && { "background-color": paint }),
    ...(align && { "text-align": align }),
    ...(vertical && { "vertical-align": vertical }),
  };
}

const plain = (text: string | null) => (text?.includes("%") ? null : text);

function verticalOf(text: string | null | undefined): Cell["vertical"] {
  if (/top|baseline/i.test(text ?? "")) return "top";
  return /bottom/i.test(text ?? "") ? "bottom" : "middle";
}
