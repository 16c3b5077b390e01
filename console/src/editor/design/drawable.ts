/**
 * A design without what is not finished: a picture that nobody has chosen yet, a test without a value. The preview goes on
 * while somebody edits; what is left out is told by the checks.
 */
import { blocksWithin } from "./walk";
import type { Block, Design, FactTest } from "./types";

export function drawable(design: Design): Design {
  return { ...design, blocks: finished(design.blocks) };
}

/** Why a block cannot be drawn yet; `null` if it can. */
export function unfinished(block: Block): "picture" | "test" | null {
  if (block.type === "image" || block.type === "logo" || block.type === "banner") {
    return block.image === "" ? "picture" : null;
  }
  if (block.type === "if") return block.when.length === 0 || block.when.some(isOpen) ? "test" : null;
  return null;
}

function isOpen(test: FactTest): boolean {
  return "value" in test && test.value.trim() === "";
}

function finished(blocks: Block[]): Block[] {
  return blocks.filter((block) => unfinished(block) === null).map(within);
}

function within(block: Block): Block {
  if (blocksWithin(block).length === 0) return block;
  switch (block.type) {
    case "columns":
      return {
        ...block,
        columns: block.columns.map((column) => ({ ...column, blocks: finished(column.blocks) })),
      };
    case "rows":
      return { ...block, blocks: finished(block.blocks) };
    case "if":
      return { ...block, then: finished(block.then ?? []), otherwise: finished(block.otherwise ?? []) };
    default:
      return block;
  }
}
