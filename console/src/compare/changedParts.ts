/**
 * Marks in two drawn signatures what the other does not have: words, pictures and lines, and what looks different.
 */

/** An outline takes no room: what is marked stays where it is. */
const MARK = {
  before: "outline:2px dashed #c50f1f;outline-offset:2px",
  after: "outline:2px solid #107c10;outline-offset:2px",
};

export function marked(before: string, after: string): { before: string; after: string } {
  const [old, now] = [parse(before), parse(after)];
  const [oldParts, nowParts] = [partsOf(old), partsOf(now)];
  const [oldKeys, nowKeys] = [count(oldParts), count(nowParts)];
  mark(oldParts, nowKeys, MARK.before);
  mark(nowParts, oldKeys, MARK.after);
  return { before: old.body.innerHTML, after: now.body.innerHTML };
}

interface Part {
  node: Text | Element;
  /** What it says and how it looks. */
  key: string;
}

const parse = (html: string) => new DOMParser().parseFromString(html, "text/html");

/** Words, pictures, and what is drawn without either, in order. */
function partsOf({ body }: Document): Part[] {
  const parts: Part[] = [];
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      const words = node.data.replace(/\s+/g, " ").trim();
      if (words) parts.push({ node, key: `${words} ${looksOf(node)}` });
    } else if (node instanceof Element && isDrawn(node)) {
      parts.push({ node, key: node.outerHTML });
    }
  }
  return parts;
}

/** The styles of the nearest elements around it, and where a link leads. */
function looksOf(node: Text): string {
  const looks: string[] = [];
  let around = node.parentElement;
  for (let levels = 0; around && levels < 3; levels += 1) {
    looks.push(around.getAttribute("style") ?? "", around.getAttribute("href") ?? "");
    around = around.parentElement;
  }
  return looks.join(" ");
}

function isDrawn(element: Element): boolean {
  if (element instanceof HTMLImageElement) return true;
  const style = element.getAttribute("style") ?? "";
  return element.childElementCount === 0 && !element.textContent?.trim() && /border|background/.test(style);
}

function count(parts: Part[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of parts) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function mark(parts: Part[], there: Map<string, number>, style: string) {
  const left = new Map(there);
  for (const { node, key } of parts) {
    const more = left.get(key) ?? 0;
    left.set(key, more - 1);
    if (more > 0) continue;
    if (node instanceof Text) {
      const around = node.ownerDocument.createElement("span");
      around.setAttribute("style", style);
      node.replaceWith(around);
      around.append(node);
    } else {
      node.setAttribute("style", `${node.getAttribute("style") ?? ""};${style}`);
    }
  }
}

export interface Line {
  text: string;
  /** The other does not have it. */
  isOther: boolean;
}

/** The lines of two texts, each with whether the other has it at its place. */
export function lines(before: string, after: string): { before: Line[]; after: Line[] } {
  const [old, now] = [before.trimEnd().split("\n"), after.trimEnd().split("\n")];
  // How long the longest list of lines is that both have from here on.
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let one = old.length - 1; one >= 0; one -= 1) {
    for (let other = now.length - 1; other >= 0; other -= 1) {
      common[one]![other] =
        old[one] === now[other]
          ? common[one + 1]![other + 1]! + 1
          : Math.max(common[one + 1]![other]!, common[one]![other + 1]!);
    }
  }
  const found = { before: [] as Line[], after: [] as Line[] };
  let [one, other] = [0, 0];
  while (one < old.length || other < now.length) {
    const [was, is] = [old[one], now[other]];
    if (was !== undefined && was === is) {
      found.before.push({ text: was, isOther: false });
      found.after.push({ text: is, isOther: false });
      one += 1;
      other += 1;
    } else if (was !== undefined && (is === undefined || common[one + 1]![other]! >= common[one]![other + 1]!)) {
      found.before.push({ text: was, isOther: true });
      one += 1;
    } else {
      found.after.push({ text: is!, isOther: true });
      other += 1;
    }
  }
  return found;
}
