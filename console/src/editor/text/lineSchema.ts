/**
 * Lines of a signature as a text that can be edited: words with a style and a link, and merge fields as chips between them.
 *
 * A chip carries its field whole, whatever keys it has; words carry their style and link as marks. What comes out is what
 * went in, but that words side by side with one style become one piece.
 */
import { Schema, type Mark, type Node } from "@tiptap/pm/model";
import { isField, isStyled, type Field, type Line, type Link, type Span, type Style } from "../design/types";
import { tidyStyle } from "../design/look";

export const lineSchema = new Schema({
  nodes: {
    doc: { content: "line+" },
    line: { content: "inline*", toDOM: () => ["div", { class: "line" }, 0], parseDOM: [{ tag: "div" }, { tag: "p" }] },
    text: { group: "inline" },
    field: {
      group: "inline",
      inline: true,
      atom: true,
      selectable: true,
      attrs: { field: {} },
      toDOM: (node) => chip(node.attrs.field as Field),
      parseDOM: [{ tag: "span[data-field]", getAttrs: (span) => readChip(span) }],
    },
  },
  marks: {
    style: { attrs: { style: {} }, toDOM: (mark) => ["span", { style: inlineCss(mark.attrs.style as Style) }, 0] },
    link: {
      attrs: { link: {} },
      inclusive: false,
      toDOM: () => ["span", { class: "linked" }, 0],
    },
  },
});

export function toDoc(lines: Line[]): Node {
  const all = lines.length > 0 ? lines : [[]];
  return lineSchema.node(
    "doc",
    null,
    all.map((line) => lineSchema.node("line", null, line.flatMap(toNodes))),
  );
}

function toNodes(span: Span): Node[] {
  if (isField(span)) return [lineSchema.node("field", { field: span })];
  const text = typeof span === "string" ? span : span.text;
  return text === "" ? [] : [lineSchema.text(text, isStyled(span) ? marksOf(span) : [])];
}

/** The marks that say a style and a link. */
export function marksOf({ style, link }: { style?: Style; link?: Link | null }): Mark[] {
  const said = tidyStyle(style ?? {});
  return [
    ...(said ? [lineSchema.mark("style", { style: said })] : []),
    ...(link != null ? [lineSchema.mark("link", { link })] : []),
  ];
}

/** The style and the link that marks say. */
export function saidBy(marks: readonly Mark[]): { style?: Style; link?: Link } {
  const style = marks.find((mark) => mark.type.name === "style")?.attrs.style as Style | undefined;
  const link = marks.find((mark) => mark.type.name === "link")?.attrs.link as Link | undefined;
  return { ...(style && { style }), ...(link !== undefined && { link }) };
}

export function fromDoc(doc: Node): Line[] {
  const lines: Line[] = [];
  doc.forEach((line) => {
    const spans: Span[] = [];
    line.forEach((node) => spans.push(toSpan(node)));
    lines.push(spans);
  });
  return lines.length === 1 && lines[0]?.length === 0 ? [] : lines;
}

function toSpan(node: Node): Span {
  if (node.type.name === "field") return node.attrs.field as Field;
  const text = node.text ?? "";
  const said = saidBy(node.marks);
  return Object.keys(said).length === 0 ? text : { text, ...said };
}

/** What is copied from one text to another keeps its fields. The editor gives the chip its name. */
function chip(field: Field): [string, Record<string, string>] {
  const css = field.style ? inlineCss(field.style) : "";
  return ["span", { class: "chip", "data-field": JSON.stringify(field), style: css }];
}

function readChip(span: HTMLElement): { field: Field } | false {
  try {
    const field = JSON.parse(span.dataset.field ?? "") as Field;
    return typeof field.field === "string" ? { field } : false;
  } catch {
    return false;
  }
}

export function inlineCss(style: Style): string {
  const rules = [
    style.font && `font-family:${style.font}`,
    style.size && `font-size:${style.size}px;line-height:calc(1em * var(--leading, 1.4))`,
    style.colour && `color:${style.colour}`,
    style.weight && `font-weight:${style.weight}`,
    style.italic !== undefined && style.italic !== null && `font-style:${style.italic ? "italic" : "normal"}`,
    style.underline && "text-decoration:underline",
    style.tracking && `letter-spacing:${style.tracking}px`,
  ];
  return rules.filter(Boolean).join(";");
}
