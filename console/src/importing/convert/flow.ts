/**
 * Reads elements one after the other into lines, gaps and blocks, as a browser would put them under each other.
 */
import type { Align, Block } from "../../editor/design/types";
import { BASE } from "../../editor/design/look";
import { buttonOf } from "./button";
import { framed } from "./frame";
import { addWords, alignOf, isBlank, type Inline } from "./lines";
import { pictureOf } from "./pictures";
import { safeLink, type Around, type Reading } from "./reading";
import { styleOf } from "./style";
import { tableBlocks } from "./table";
import { edge, sides, whole, type Edge } from "./values";

export type Item =
  | { kind: "line"; line: Inline[]; align: Align }
  | { kind: "block"; block: Block }
  | { kind: "gap"; height: number; /** Of an empty line; the others are margins, which fold. */ blank?: boolean };

const STANDING =
  /^(p|div|h[1-6]|li|ul|ol|dl|dt|dd|center|blockquote|address|section|article|header|footer|main|body|pre|form|fieldset|nav|aside|figure|figcaption)$/;
const UNSEEN = /^(script|style|head|title|meta|link|base|template|noscript|xml|map|area|param|source|track|datalist)$/;
const MEDIA = /^(video|audio|object|embed|iframe|canvas|applet)$/;
const FORM = /^(input|select|textarea|button|progress|meter)$/;

/** Reads nodes; what is found is added to `items`. */
export class Flow {
  readonly items: Item[] = [];
  private line: Inline[] = [];

  constructor(
    private readonly reading: Reading,
    private align: Align = "left",
  ) {}

  read(nodes: Iterable<Node>, around: Around): Item[] {
    this.align = around.align;
    for (const node of nodes) this.node(node, around);
    this.endLine();
    return this.items;
  }

  private node(node: Node, around: Around) {
    if (node.nodeType === Node.TEXT_NODE) {
      addWords(this.line, { kind: "words", text: node.textContent ?? "", style: around.style, link: around.link });
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      this.element(node as Element, around);
    }
  }

  private element(element: Element, around: Around) {
    const name = element.localName;
    const css = this.reading.css(element);
    if (UNSEEN.test(name) || css["display"] === "none" || css["mso-hide"] === "all") return;
    if (MEDIA.test(name)) return void this.reading.losses.add("media");
    if (FORM.test(name)) return void this.reading.losses.add("form");
    if (name === "svg" || name === "math") return void this.reading.losses.add("vector");
    if (css["background-image"] || /url\(/.test(css["background"] ?? "") || element.hasAttribute("background")) {
      this.reading.losses.add("background");
    }
    if (name === "br") return this.endLine(around.style.size);
    if (name === "hr") return this.rule(element);
    const style = styleOf(element, css, around.style);
    if (name === "img") {
      const picture = pictureOf(element, around, this.reading);
      if (picture) this.line.push(picture);
      return;
    }
    if (/line-through/.test(css["text-decoration"] ?? "") || /^(s|strike|del)$/.test(name))
      this.reading.losses.add("struck");
    if (name === "sub" || name === "sup") this.reading.losses.add("raised");
    if (name === "table") return this.table(element, { ...around, style });
    if (name === "a") {
      const link = safeLink(element.getAttribute("href"));
      const button = link && buttonOf(element, css, style, link, around.align);
      if (button) return this.block(button);
      return this.children(element, { ...around, style, link: link ?? around.link });
    }
    if (STANDING.test(name) || /^(block|table|flex|grid)/.test(css["display"] ?? "")) {
      return this.standing(element, { ...around, style });
    }
    this.children(element, { ...around, style });
  }

  private children(element: Element, around: Around) {
    for (const node of element.childNodes) this.node(node, around);
  }

  /** An element that begins on a line of its own. */
  private standing(element: Element, around: Around) {
    const css = this.reading.css(element);
    const align = alignOf(
      css["text-align"] ?? element.getAttribute("align"),
      element.localName === "center" ? "centre" : around.align,
    );
    const size = around.style.size ?? BASE.size;
    const margin = sides(css, "margin", size);
    const usual = /^(p|ul|ol|dl|h[1-6]|blockquote)$/.test(element.localName) ? size : 0;
    this.endLine();
    this.gap(margin.top ?? usual);
    const within = { ...around, align, depth: around.depth };
    const frame = framed(element, css, this.reading, within);
    if (frame) {
      frame.forEach((block) => this.block(block));
    } else {
      this.edge(edge(css, "top"));
      const padding = sides(css, "padding", size);
      this.gap(padding.top ?? 0);
      const before = this.align;
      this.align = align;
      if (element.localName === "li") addWords(this.line, { kind: "words", text: "•\u00a0", style: around.style });
      this.children(element, within);
      this.endLine();
      this.align = before;
      this.gap(padding.bottom ?? 0);
      this.edge(edge(css, "bottom"));
    }
    this.gap(margin.bottom ?? usual);
  }

  private table(element: Element, around: Around) {
    const css = this.reading.css(element);
    this.endLine();
    const margin = sides(css, "margin");
    this.gap(margin.top ?? 0);
    tableBlocks(element, around, this.reading).forEach((block) => this.block(block));
    this.gap(margin.bottom ?? 0);
  }

  /** Ends a line; `size` of its text where it is a line even without words. */
  private endLine(size?: number | null) {
    const line = this.line;
    this.line = [];
    const blank = isBlank(line);
    if (!blank) this.items.push({ kind: "line", line, align: this.align });
    else if (size !== undefined || line.some((one) => one.kind === "words" && one.text.includes("\u00a0"))) {
      this.items.push({ kind: "gap", height: Math.round((size ?? sizeIn(line)) * 1.25), blank: true });
    }
  }

  private block(block: Block) {
    this.endLine();
    this.items.push({ kind: "block", block });
  }

  private gap(height: number) {
    if (height >= 1) this.items.push({ kind: "gap", height: Math.round(height) });
  }

  private edge(line: Edge | undefined) {
    if (line) this.block({ type: "divider", colour: line.colour, thickness: line.thickness });
  }

  private rule(element: Element) {
    const css = this.reading.css(element);
    const width = whole(css["width"] ?? element.getAttribute("width"), 1, 1200);
    const thickness = whole(css["height"] ?? element.getAttribute("size"), 1, 10) ?? edge(css, "top")?.thickness ?? 1;
    const paint = edge(css, "top")?.colour ?? edge(css, "bottom")?.colour ?? "#d0d0d0";
    this.gap(6);
    this.block({ type: "divider", colour: paint, thickness, ...(width && { width }) });
    this.gap(6);
  }
}

const sizeIn = (line: Inline[]) =>
  line.flatMap((one) => (one.kind === "words" ? [one.style.size] : [])).find(Boolean) ?? BASE.size;
