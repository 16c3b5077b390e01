/**
 * A drawn signature as a document that can be shown in a frame: its pictures are put in, and nothing of it can act.
 */
import type { Schemas } from "../api/client";

export type Rendered = Schemas["Rendered"];

/** The document is white as mail is, whatever the colours of the console. */
export function previewDocument({ html, images }: Pick<Rendered, "html" | "images">): string {
  const pictures = new Map(images.map(({ id, type, base64 }) => [id, `data:${type};base64,${base64}`]));
  const shown = html.replace(/cid:([^"'\s>)]+)/g, (whole, id: string) => pictures.get(decoded(id)) ?? whole);
  return (
    `<!doctype html><html><head><meta charset="utf-8"><base target="_blank">` +
    `<style>html{color-scheme:light}body{margin:16px;background:#fff;font:14px/1.4 Calibri,Arial,sans-serif}</style>` +
    `</head><body>${shown}</body></html>`
  );
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
