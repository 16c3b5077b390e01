/**
 * The page that a preview is: the signature as the server drew it, its pictures inside, and nothing that runs or loads.
 *
 * It stands in a frame without any rights; the policy in its head forbids what the frame would.
 */
import type { Rendered } from "../design/types";
import { darkenedHtml } from "./darkened";

export type Appearance = "light" | "dark";

const POLICY = "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'";

export function previewPage(rendered: Pick<Rendered, "html" | "images">, appearance: Appearance): string {
  const html = withPictures(rendered);
  const dark = appearance === "dark";
  const ground = dark ? "#1f1f1f" : "#ffffff";
  return [
    "<!doctype html><html><head><meta charset=utf-8>",
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width">',
    `<style>html{color-scheme:${appearance}}body{margin:0;padding:20px;background:${ground};font:13px Arial,sans-serif}</style>`,
    `</head><body>${dark ? darkenedHtml(html) : html}</body></html>`,
  ].join("");
}

/** Pictures that the message carries are written into the page. */
function withPictures({ html, images }: Pick<Rendered, "html" | "images">): string {
  const sources = new Map(images.map(({ id, type, base64 }) => [id, `data:${type};base64,${base64}`]));
  return html.replace(/src="cid:([^"]+)"/g, (whole, id: string) => {
    const source = sources.get(id);
    return source === undefined ? whole : `src="${source}"`;
  });
}
