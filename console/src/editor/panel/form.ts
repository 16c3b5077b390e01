/**
 * What the form of a block is given: the block as it is, and how to change keys of it. `undefined` takes a key away.
 */
import type { BlockOf, BlockType } from "../design/types";

export interface FormOf<Block> {
  block: Block;
  set: (keys: Partial<Block>) => void;
}

export type BlockForm<Type extends BlockType> = FormOf<BlockOf<Type>>;
