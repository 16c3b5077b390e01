/**
 * Goes through every block of a design with its place, for whoever asks about all of them.
 */
import type { Block, Design, Fact, Line, Link, Part, Alt, Span } from "./types";
import { isField, isStyled } from "./types";

export interface Placed {
  block: Block;
  /** A JSON pointer into the signature. */
  place: string;
}

/** Lists of blocks inside a block, each with the rest of its place. */
export function blocksWithin(block: Block): [string, Block[]][] {
  switch (block.type) {
    case "columns":
      return block.columns.map((column, at) => [`columns/${at}/blocks`, column.blocks]);
    case "rows":
      return [["blocks", block.blocks]];
    case "if":
      return [
        ["then", block.then ?? []],
        ["otherwise", block.otherwise ?? []],
      ];
    default:
      return [];
  }
}

/** Every block, in the order in which they are drawn. */
export function everyBlock(design: Design): Placed[] {
  const all: Placed[] = [];
  const visit = (blocks: Block[], list: string) =>
    blocks.forEach((block, at) => {
      const place = `${list}/${at}`;
      all.push({ block, place });
      for (const [rest, within] of blocksWithin(block)) visit(within, `${place}/${rest}`);
    });
  visit(design.blocks, "/design/blocks");
  return all;
}

/** The lines of a block of text; of others none. */
export function linesOf(block: Block): Line[] {
  return block.type === "text" || block.type === "disclaimer" ? block.lines : [];
}

/** The words of a piece of a line that are always there. */
export function wordsOf(span: Span): string {
  if (typeof span === "string") return span;
  return isStyled(span) ? span.text : "";
}

/** Every link that a block carries, each with the rest of its place. */
export function linksOf(block: Block): [string, Link][] {
  const found: [string, Link][] = [];
  const add = (rest: string, link: Link | null | undefined) => link != null && found.push([rest, link]);
  linesOf(block).forEach((line, row) =>
    line.forEach((span, at) => {
      if (isField(span) || isStyled(span)) add(`lines/${row}/${at}/link`, span.link);
    }),
  );
  if (block.type === "social") block.icons.forEach((icon, at) => add(`icons/${at}/link`, icon.link));
  if (block.type === "qr" && "link" in block.code) add("code/link", block.code.link);
  if ("link" in block) add("link", block.link);
  return found;
}

/** The fields in a link, an alternative text or the text of a button. */
export function factsOfParts(parts: Link | Alt | undefined | null): Fact[] {
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: Part) => (typeof part === "string" ? [] : [part.field]));
}

/** Ids of every picture that a design shows by a block; those of its HTML are not among them. */
export function picturesOf(design: Design): string[] {
  const ids = everyBlock(design).flatMap(({ block }) => {
    if (block.type === "social") return block.icons.map((icon) => icon.image ?? "");
    return "image" in block ? [block.image] : [];
  });
  return [...new Set(ids.filter((id) => id !== ""))];
}
