/**
 * A table as blocks: its rows under each other, its cells side by side. A cell that spans all rows of a group stands beside
 * them; words and their label in a cell of its own become one line, so that both go when the words are not there.
 */
import type { Block, Column, Frame } from "../../editor/design/types";
import { spaced } from "./blocks";
import { cellOf, type Cell } from "./cell";
import { DEEPEST, frameOf, inFrame } from "./frame";
import { alignOf } from "./lines";
import type { Around, Reading } from "./reading";
import { edge, pixels, whole } from "./values";

type Row = Element[];

export function tableBlocks(table: Element, around: Around, reading: Reading): Block[] {
  const css = reading.css(table);
  const frame = frameOf(table, css);
  const deep = around.depth + 2 >= DEEPEST;
  const within = { ...around, depth: around.depth + (frame ? 1 : 0) };
  const blocks = spaced(rowsBlocks(rowsOf(table), table, within, reading, deep));
  if (blocks.length === 0) return [];
  const line = (side: "top" | "bottom") => {
    const found = edge(css, side);
    return found && !frame?.border ? [{ type: "divider" as const, ...found }] : [];
  };
  const aligned = align(blocks, alignOf(table.getAttribute("align"), around.align));
  if (frame && !deep) return [...line("top"), inFrame(aligned, frame), ...line("bottom")];
  return [...line("top"), ...aligned, ...line("bottom")];
}

/** A table stands where the text around it would. */
function align(blocks: Block[], to: "left" | "centre" | "right"): Block[] {
  if (to === "left") return blocks;
  return blocks.map((block) =>
    "align" in block || !/^(columns|rows)$/.test(block.type) ? block : ({ ...block, align: to } as Block),
  );
}

function rowsOf(table: Element): Row[] {
  const rows = [...table.children].flatMap((child) =>
    child.localName === "tr" ? [child] : [...child.children].filter(({ localName }) => localName === "tr"),
  );
  return rows.map((row) => [...row.children].filter(({ localName }) => localName === "td" || localName === "th"));
}

function rowsBlocks(rows: Row[], table: Element, around: Around, reading: Reading, deep: boolean): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < rows.length;) {
    const group = spanned(rows, at);
    const read = (cells: Row) =>
      cells.map((cell) => cellOf(cell, table, { ...around, depth: around.depth + 1 }, reading));
    if (group && !deep) {
      const { rows: count, run } = group;
      const first = rows[at]!;
      const beside = first.flatMap((cell, place): Cell[] => {
        if (place < run.from || place >= run.to) return read([cell]);
        if (place > run.from) return [];
        const inner = rows
          .slice(at, at + count)
          .map((row, number) => (number === 0 ? row.slice(run.from, run.to) : row));
        const stacked = spaced(rowsBlocks(inner, table, { ...around, depth: around.depth + 1 }, reading, true));
        return [{ ...read([cell])[0]!, blocks: stacked, width: undefined }];
      });
      blocks.push(...sideBySide(beside, reading, deep));
      at += count;
    } else {
      blocks.push(...sideBySide(read(rows[at]!), reading, deep));
      at += 1;
    }
  }
  return grid(blocks);
}

/** Rows that a cell of the first spans, with the cells of the first that none does. */
function spanned(rows: Row[], at: number): { rows: number; run: { from: number; to: number } } | null {
  const spans = rows[at]!.map((cell) => Number(cell.getAttribute("rowspan")) || 1);
  const most = Math.min(Math.max(1, ...spans), rows.length - at);
  const from = spans.findIndex((span) => span < most);
  if (most < 2 || from < 0) return null;
  const end = spans.findIndex((span, place) => place > from && span >= most);
  const to = end < 0 ? spans.length : end;
  const parted = spans.slice(to).some((span) => span < most);
  return parted ? null : { rows: most, run: { from, to } };
}

/** The cells of one row. */
function sideBySide(cells: Cell[], reading: Reading, deep: boolean): Block[] {
  const filled = cells.filter(({ blocks }) => blocks.length > 0);
  if (filled.length === 0) return emptyRow(cells);
  const around = (blocks: Block[]) => [
    ...lineOver(cells, "top"),
    ...space(Math.max(...filled.map((cell) => (cell.frame ? 0 : cell.padding.top)))),
    ...blocks,
    ...space(Math.max(...filled.map((cell) => (cell.frame ? 0 : cell.padding.bottom)))),
    ...lineOver(cells, "bottom"),
  ];
  const [only] = filled;
  if (filled.length === 1 && only)
    return around(only.frame && !deep ? [inFrame(only.blocks, only.frame)] : only.blocks);
  const labelled = label(filled);
  if (labelled) return around([labelled]);
  if (deep) reading.losses.add("deep");
  if (deep && filled.some(({ blocks }) => blocks.some(({ type }) => type === "columns")))
    return around(filled.flatMap(({ blocks }) => blocks));
  return around([columnsOf(cells)]);
}

function columnsOf(cells: Cell[]): Block {
  const columns: Column[] = [];
  let [gap, between, rule, before] = [0, 0, undefined as string | undefined, undefined as Cell | undefined];
  for (const cell of cells) {
    if (cell.blocks.length === 0) {
      if (cell.width && cell.width <= 6 && cell.frame?.background) rule = cell.frame.background;
      else between += cell.width ?? 0;
      rule ??= (cell.edges.left ?? cell.edges.right)?.colour;
      continue;
    }
    const line = cell.edges.left ?? before?.edges.right;
    rule ??= line && columns.length > 0 ? line.colour : undefined;
    const frame = withoutRule(cell, columns.length > 0);
    if (before) gap = Math.max(gap, between + before.padding.right + (frame ? 0 : cell.padding.left));
    columns.push({
      blocks: cell.blocks,
      ...(cell.width && { width: cell.width }),
      ...(cell.vertical !== "top" && { vertical: cell.vertical }),
      ...(columns.length > 0 && rule && { rule }),
      ...(frame && { frame }),
    });
    [before, between, rule] = [cell, 0, undefined];
  }
  return { type: "columns", columns, gap: Math.round(Math.min(120, gap)) };
}

/** The frame of a column: a line between two columns is a rule, and no part of it. */
function withoutRule({ frame, edges }: Cell, beside: boolean): Frame | undefined {
  const { bar, ...rest } = frame ?? {};
  const isRule = bar && (bar.side === "right" || (beside && edges.left));
  if (!isRule) return frame;
  return rest.background || rest.border ? rest : undefined;
}

/** Words with their label in the cell before: `T | +44 20 7946 0958`. */
function label(cells: Cell[]): Block | null {
  const [name, value] = cells.map(({ blocks }) => (blocks.length === 1 ? blocks[0] : undefined));
  if (cells.length !== 2 || name?.type !== "text" || value?.type !== "text") return null;
  if (name.lines.length !== 1 || value.lines.length !== 1 || cells.some(({ frame }) => frame)) return null;
  const words = name.lines[0]!.map((span) => (typeof span === "string" ? span : "text" in span ? span.text : ""))
    .join("")
    .trim();
  if (!/^(\p{L}{1,2}[.:|]?|.{1,14}:)$/u.test(words)) return null;
  const { leading: _, ...own } = name.style ?? {};
  const label = name.lines[0]!.map((span) =>
    typeof span === "string" ? (Object.keys(own).length ? { text: span, style: own } : span) : span,
  );
  const style = value.style ?? {};
  return {
    ...value,
    lines: [[...label, "\u00a0 ", ...value.lines[0]!]],
    ...(Object.keys(style).length > 0 && { style }),
  };
}

/** A row without words: a line if it is painted, else space. */
function emptyRow(cells: Cell[]): Block[] {
  const painted = cells.find(({ frame }) => frame?.background);
  const height = Math.max(
    0,
    ...cells.map(({ element, padding }) => pixels(element.getAttribute("height")) ?? padding.top + padding.bottom),
  );
  const said = Math.max(height, ...cells.map(({ height: own }) => own ?? 0));
  if (painted?.frame?.background) {
    return [{ type: "divider", colour: painted.frame.background, thickness: whole(String(said || 1), 1, 10)! }];
  }
  return [...lineOver(cells, "top"), ...space(said), ...lineOver(cells, "bottom")];
}

/** A line along the whole row. */
function lineOver(cells: Cell[], side: "top" | "bottom"): Block[] {
  const found = cells.map(({ edges, frame }) => (frame?.border ? undefined : edges[side]));
  const [first] = found;
  return first && found.every(Boolean) ? [{ type: "divider", colour: first.colour, thickness: first.thickness }] : [];
}

const space = (height: number): Block[] =>
  height >= 3 ? [{ type: "spacer", height: Math.round(Math.min(60, height)) }] : [];

/** Lines of label and value that follow each other are one text. */
function grid(blocks: Block[]): Block[] {
  const found: Block[] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    const joins =
      last?.type === "text" &&
      block.type === "text" &&
      JSON.stringify([last.style, last.align]) === JSON.stringify([block.style, block.align]);
    if (joins) found[found.length - 1] = { ...last, lines: [...last.lines, ...block.lines] };
    else found.push(block);
  }
  return found;
}
