/**
 * A link that looks like a button: a field of colour with words in it.
 */
import type { Align, Block, Style } from "../../editor/design/types";
import type { Declarations } from "./css";
import { background, edge, sides, whole } from "./values";

export function buttonOf(element: Element, css: Declarations, style: Style, link: string, align: Align): Block | null {
  if (element.querySelector("img, table")) return null;
  const text = (element.textContent ?? "").replace(/\s+/g, " ").trim();
  const paint = background(element, css);
  const line = edge(css, "top");
  const padding = sides(css, "padding");
  if (text === "" || text.length > 80 || (!paint && !line) || (padding.left ?? 0) < 4) return null;
  return {
    type: "button",
    text,
    link,
    colour: paint ?? line!.colour,
    style: { ...pick(style), ...(paint && style.colour && { colour: style.colour }) },
    ...(!paint && { outline: true }),
    ...shapeOf(css),
    ...(align !== "left" && { align }),
  };
}

/** A cell of colour that holds nothing but a link is a button as well. */
export function buttonOfCell(cell: Element, css: Declarations, link: Block | undefined): Block | null {
  const paint = background(cell, css);
  const span =
    link?.type === "text" && link.lines.length === 1 && link.lines[0]!.length === 1 ? link.lines[0]![0] : undefined;
  if (!paint || typeof span !== "object" || !("text" in span) || !span.link || span.text.length > 80) return null;
  const style = { ...(link as { style?: Style }).style, ...span.style };
  return {
    type: "button",
    text: span.text.trim(),
    link: span.link,
    colour: paint,
    style: { ...pick(style), ...(style.colour && { colour: style.colour }) },
    ...shapeOf(css),
  };
}

const pick = ({ font, size, weight }: Style): Style => ({
  ...(font && { font }),
  ...(size && { size }),
  weight: weight ?? "normal",
});

function shapeOf(css: Declarations) {
  const radius = whole(css["border-radius"], 0, 99) ?? 0;
  return radius >= 14 ? { shape: "round" as const } : radius > 0 ? { shape: "rounded" as const } : {};
}
