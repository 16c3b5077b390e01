/**
 * Finds the small print of a signature: legal words, or long text in small letters at the end.
 */
import type { Block, Span } from "../../editor/design/types";
import { BASE } from "../../editor/design/look";

const LEGAL =
  /confidential|privileged|intended (solely|only|recipient)|unauthori[sz]ed|disclaimer|registered (office|in)|company (no|number)|vertraulich|handelsregister|amtsgericht|geschäftsführer|confidentiel|destinataire|vertrouwelijk|confidenziale|confidencial|think before you print|consider the environment/i;

/** Longer than any line of a person's facts. */
const LONG = 100;

export function smallPrint(blocks: Block[]): Block[] {
  return blocks.map((block, at) => {
    if (block.type !== "text" || at === 0) return block;
    const words = block.lines.flat().map(wordsOf).join(" ");
    const small = (block.style?.size ?? BASE.size) <= 11;
    const isLast = blocks.slice(at).every(({ type }) => type === "text" || type === "spacer");
    const legal = LEGAL.test(words) && (small || words.length > LONG);
    return legal || (isLast && small && words.length > LONG) ? { ...block, type: "disclaimer" } : block;
  });
}

const wordsOf = (span: Span) => (typeof span === "string" ? span : "text" in span ? span.text : "");
