/**
 * A message cut where a signature may begin and end: between its lines, pictures and tables.
 */

export interface Piece {
  nodes: Node[];
  text: string;
  kind: "text" | "table" | "picture" | "line" | "blank";
}

const STANDING =
  /^(p|div|h[1-6]|li|ul|ol|dl|dt|dd|center|blockquote|address|section|article|header|footer|main|body|pre|form|table|hr|tr|td|tbody)$/;
/** A table with more text than this is what the message is laid out with. */
const LAYOUT = 1_200;

export function piecesOf(document: Document): Piece[] {
  const pieces: Piece[] = [];
  let run: Node[] = [];
  const end = () => {
    if (run.length > 0) pieces.push(pieceOf(run));
    run = [];
  };
  const cut = (parent: Node) => {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) run.push(node);
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const element = node as Element;
      if (/^(style|title|head)$/.test(element.localName)) continue;
      if (element.localName === "br") {
        run.push(element);
        end();
      } else if (element.localName === "table" && (element.textContent ?? "").length <= LAYOUT) {
        end();
        pieces.push(pieceOf([element]));
      } else if (element.localName === "hr") {
        end();
        pieces.push(pieceOf([element]));
      } else if (STANDING.test(element.localName)) {
        end();
        if (holdsMore(element)) cut(element);
        else pieces.push(pieceOf([element]));
        end();
      } else if (element.localName !== "a" && holdsMore(element)) cut(element);
      else run.push(element);
    }
  };
  cut(document.body);
  end();
  return pieces;
}

/** Whether a signature may begin or end within an element. */
function holdsMore(element: Element): boolean {
  return [...element.querySelectorAll("*")].some(({ localName }) => STANDING.test(localName)) || brBetween(element);
}

function brBetween(element: Element): boolean {
  const broken = element.querySelector("br");
  return broken !== null && (element.textContent ?? "").trim() !== "" && broken.nextSibling !== null;
}

function pieceOf(nodes: Node[]): Piece {
  const text = nodes
    .map(({ textContent }) => textContent ?? "")
    .join("")
    .replace(/[\s\u00a0\u200b]+/g, " ")
    .trim();
  const elements = nodes.filter((node): node is Element => node.nodeType === Node.ELEMENT_NODE);
  const has = (name: string) =>
    elements.some((element) => element.localName === name || element.querySelector(name) !== null);
  if (has("table")) return { nodes, text, kind: "table" };
  if (elements.some(({ localName }) => localName === "hr")) return { nodes, text, kind: "line" };
  if (text !== "") return { nodes, text, kind: "text" };
  return { nodes, text, kind: has("img") ? "picture" : "blank" };
}
