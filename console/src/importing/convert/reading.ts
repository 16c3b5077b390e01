/**
 * What is known while the elements of a signature are read, and what is met on the way.
 */
import type { Align, Style } from "../../editor/design/types";
import type { CssOf } from "./css";

/** What a design has no block for. */
export type Loss = "background" | "form" | "media" | "struck" | "raised" | "deep" | "vector";

/** A picture that the signature shows. */
export interface PictureShown {
  /** What the design calls it until it is put. */
  id: string;
  /** As it stands in the HTML: `cid:…`, `data:…`, a file or an address. */
  src: string;
  alt: string;
}

export interface Size {
  width: number;
  height: number;
}

export interface Reading {
  css: CssOf;
  /** The size of a picture that is at hand. */
  sizeOf: (src: string) => Size | undefined;
  pictures: PictureShown[];
  losses: Set<Loss>;
}

/** What is around a node. */
export interface Around {
  style: Style;
  align: Align;
  link?: string;
  /** Blocks that are open in the design. */
  depth: number;
}

/** The id by which the design shows a picture. */
export function show(reading: Reading, src: string, alt: string): string {
  const known = reading.pictures.find((one) => one.src === src);
  if (known) return known.id;
  const id = `picture-${reading.pictures.length + 1}`;
  reading.pictures.push({ id, src, alt });
  return id;
}

/** A link that a design may have; others are left out. */
export function safeLink(href: string | null): string | undefined {
  const link = (href ?? "").replace(/[\s\u0000-\u001f]+/g, "");
  return /^(https?:\/\/[^/]|mailto:.|tel:.)/i.test(link) && link.length <= 2_000 ? link : undefined;
}
