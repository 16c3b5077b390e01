/**
 * Lines, gaps and blocks put together as the blocks of a design.
 */
import type { Align, Block, Icon } from "../../editor/design/types";
import { Flow, type Item } from "./flow";
import { commonStyle, lineOf, type Inline, type Shown, type Words } from "./lines";
import type { Around, Reading } from "./reading";

/** Nodes that stand in the same element. */
export function blocksOf(nodes: Iterable<Node>, around: Around, reading: Reading): Block[] {
  return assemble(new Flow(reading).read(nodes, around));
}

/** Gaps smaller than this are not seen between lines. */
const SEEN = 3;
const HIGHEST = 40;

export function assemble(items: Item[]): Block[] {
  const blocks: Block[] = [];
  let text: { lines: Words[][]; align: Align } | null = null;
  let [margin, blank] = [0, 0];
  const close = () => {
    if (text) blocks.push(textOf(text.lines, text.align));
    text = null;
  };
  const before = () => {
    const height = Math.min(HIGHEST, margin + blank);
    [margin, blank] = [0, 0];
    if (height < SEEN || (blocks.length === 0 && !text)) return false;
    close();
    blocks.push({ type: "spacer", height });
    return true;
  };
  for (const item of items) {
    if (item.kind === "gap") {
      if (item.blank) blank += item.height;
      else margin = Math.max(margin, item.height);
    } else if (item.kind === "block") {
      before();
      close();
      blocks.push(item.block);
    } else if (item.line.every((one) => one.kind === "words")) {
      before();
      const words = item.line as Words[];
      if (text && (text as { align: Align }).align !== item.align) close();
      text ??= { lines: [], align: item.align };
      (text as { lines: Words[][] }).lines.push(words);
    } else {
      before();
      close();
      blocks.push(mixed(item.line, item.align));
    }
  }
  close();
  return spaced(blocks);
}

function textOf(lines: Words[][], align: Align): Block {
  const style = commonStyle(lines, {});
  return {
    type: "text",
    lines: lines.map((line) => lineOf(line, style)),
    ...(Object.keys(style).length > 0 && { style }),
    ...(align !== "left" && { align }),
  };
}

/** No space at the ends, and two that follow each other are one. */
export function spaced(blocks: Block[]): Block[] {
  const found: Block[] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (block.type !== "spacer") found.push(block);
    else if (last?.type === "spacer")
      found[found.length - 1] = { ...last, height: Math.min(HIGHEST, Math.max(last.height, block.height)) };
    else if (last) found.push(block);
  }
  if (found.at(-1)?.type === "spacer") found.pop();
  return found;
}

const ONLY_BETWEEN = /^[\s\u00a0|·•,/–—-]*$/;

/** A line with pictures: icons as one block, everything else side by side. */
function mixed(line: Inline[], align: Align): Block {
  const pictures = line.filter((one): one is Shown => one.kind === "shown");
  const icons = pictures.every(({ network }) => network);
  const groups: Inline[][] = [];
  for (const one of line) {
    if (one.kind === "words" && ONLY_BETWEEN.test(one.text)) continue;
    const last = groups.at(-1);
    const joins = last && kindOf(last[0]!) === kindOf(one) && kindOf(one) !== "picture";
    if (joins) last.push(one);
    else groups.push([one]);
  }
  const blocks = groups.map((group) => blockOf(group));
  const [only] = blocks;
  if (only && blocks.length === 1) return align === "left" ? only : ({ ...only, align } as Block);
  const columns = blocks.map((block) => ({ blocks: [block], vertical: "middle" as const }));
  return { type: "columns", columns, gap: icons ? 6 : 8, ...(align !== "left" && { align }) };
}

const kindOf = (one: Inline) => (one.kind === "words" ? "words" : one.network ? "icon" : "picture");

function blockOf(group: Inline[]): Block {
  const [first] = group;
  if (first!.kind === "words") return textOf([group as Words[]], "left");
  const shown = group as Shown[];
  if (!shown[0]!.network) return shown[0]!.block;
  const icons = shown.flatMap(({ network }): Icon[] =>
    network ? [{ network: network.network, link: network.link }] : [],
  );
  return { type: "social", icons, size: Math.max(...shown.map(({ network }) => network?.size ?? 24)) };
}
