/**
 * The chosen part as it came, as a page for a frame without rights: nothing in it runs and nothing is fetched.
 */
import type { Piece } from "./pieces";
import { whereIs, type Source } from "./source";

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const GROUND = "html{color-scheme:light}body{margin:20px;background:#fff}img:not([src]){outline:1px dashed #999}";

export function originalPage({ document, held }: Source, pieces: Piece[], chosen: ReadonlySet<number>): string {
  const copy = document.cloneNode(true) as Document;
  const twins = twinsOf(document, copy);
  pieces.forEach(({ nodes }, at) => {
    if (!chosen.has(at)) nodes.forEach((node) => (twins.get(node) as ChildNode | undefined)?.remove());
  });
  for (const image of copy.querySelectorAll("img")) {
    const where = whereIs(image.getAttribute("src") ?? "", held);
    const data = typeof where === "object" ? where.held.data : undefined;
    if (data) image.setAttribute("src", data);
    else image.removeAttribute("src");
  }
  const styles = [...copy.querySelectorAll("style")].map(({ textContent }) => `<style>${textContent}</style>`).join("");
  return [
    `<!doctype html><html><head><meta charset=utf-8><meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `${styles}<style>${GROUND}</style></head><body>${copy.body.innerHTML}</body></html>`,
  ].join("");
}

/** Each node with the one that was copied from it. */
function twinsOf(document: Document, copy: Document): Map<Node, Node> {
  const [own, theirs] = [document, copy].map((root) => root.createTreeWalker(root, NodeFilter.SHOW_ALL));
  const twins = new Map<Node, Node>();
  while (own!.nextNode() && theirs!.nextNode()) twins.set(own!.currentNode, theirs!.currentNode);
  return twins;
}
