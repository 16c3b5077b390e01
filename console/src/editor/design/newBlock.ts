/**
 * What a block is when it is put on the canvas: something that can be seen, and drawn, at once.
 */
import type { Block, BlockType, Column } from "./types";

/** Every kind of block, in the groups of the drawer. */
export const PALETTE: { group: "content" | "pictures" | "layout"; types: BlockType[] }[] = [
  { group: "content", types: ["text", "button", "social", "qr", "disclaimer", "html"] },
  { group: "pictures", types: ["logo", "photo", "banner", "image"] },
  { group: "layout", types: ["columns", "rows", "divider", "spacer", "if"] },
];

export const NEW_COLUMN: Column = { blocks: [] };

/** What new blocks have of the organisation: its address on the web, where they must have a link, and its first colour. */
export interface Own {
  site: string;
  accent: string;
}

/** A block of a kind. */
export function newBlock(type: BlockType, { site, accent }: Own): Block {
  switch (type) {
    case "text":
      return { type, lines: [[{ field: "displayName", style: { weight: "bold" } }], [{ field: "jobTitle" }]] };
    case "disclaimer":
      return { type, lines: [["This message is meant for the person it is addressed to."]] };
    case "image":
      return { type, image: "", alt: "", width: 160 };
    case "logo":
      return { type, image: "", alt: "", width: 120 };
    case "banner":
      return { type, image: "", alt: "", width: 480 };
    case "photo":
      return { type, alt: [{ field: "displayName" }], width: 80, height: 80, shape: "round", initials: accent };
    case "social":
      return {
        type,
        icons: [
          { network: "linkedin", link: "https://www.linkedin.com/" },
          { network: "website", link: site },
        ],
        size: 24,
      };
    case "button":
      return { type, text: "Book a meeting", link: site, colour: accent, shape: "rounded" };
    case "qr":
      return { type, code: { vcard: {} }, size: 96, alt: "" };
    case "html":
      return { type, html: "<p>{{displayName}}</p>" };
    case "divider":
      return { type, colour: "#d0d0d0", thickness: 1 };
    case "spacer":
      return { type, height: 12 };
    case "columns":
      return { type, columns: [NEW_COLUMN, NEW_COLUMN], gap: 16 };
    case "rows":
      return { type, blocks: [], gap: 0, frame: { border: "#d0d0d0", padding: 12 } };
    case "if":
      return { type, when: [{ is: "not_empty", field: "mobileNumber" }], then: [] };
  }
}
