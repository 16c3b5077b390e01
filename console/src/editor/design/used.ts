/**
 * The colours and fonts that signatures use, the most used first. So a block is offered what fits the others, also where
 * nobody has kept a brand, and a brand can begin with them.
 */
import { everyBlock, linesOf } from "./walk";
import type { Block, Design, Frame, Style } from "./types";

export interface Used {
  /** `#rrggbb`, in small letters. */
  colours: string[];
  /** Lists of font names, as they stand in a design. */
  fonts: string[];
}

const MOST_COLOURS = 12;

export function usedIn(designs: Design[]): Used {
  const colours = new Map<string, number>();
  const fonts = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string | null | undefined) =>
    key && counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const design of designs) {
    const styles = [design.style, ...everyBlock(design).flatMap(({ block }) => stylesOf(block))];
    for (const style of styles) {
      count(colours, style?.colour?.toLowerCase());
      count(fonts, style?.font);
    }
    for (const { block } of everyBlock(design)) {
      coloursOf(block).forEach((colour) => count(colours, colour?.toLowerCase()));
    }
  }
  return { colours: mostUsed(colours).slice(0, MOST_COLOURS), fonts: mostUsed(fonts) };
}

function mostUsed(counts: Map<string, number>): string[] {
  return [...counts].sort(([, one], [, other]) => other - one).map(([key]) => key);
}

function stylesOf(block: Block): (Style | undefined)[] {
  const own = "style" in block ? [block.style] : [];
  const spans = linesOf(block)
    .flat()
    .map((span) => (typeof span === "string" ? undefined : span.style));
  return [...own, ...spans];
}

function coloursOf(block: Block): (string | null | undefined)[] {
  switch (block.type) {
    case "columns":
      return block.columns.flatMap((column) => [column.rule, ...frameColours(column.frame)]);
    case "rows":
      return frameColours(block.frame);
    case "photo":
      return [block.initials];
    case "divider":
    case "button":
    case "social":
    case "qr":
      return [block.colour];
    default:
      return [];
  }
}

function frameColours(frame: Frame | null | undefined): (string | null | undefined)[] {
  return [frame?.background, frame?.border, frame?.bar?.colour];
}
