/**
 * How the text of an element looks, after what is around it: in the words of a design.
 */
import { BASE } from "../../editor/design/look";
import type { Style } from "../../editor/design/types";
import type { Declarations } from "./css";
import { safeLink } from "./reading";
import { colour, pixels } from "./values";

const KEYWORDS: Record<string, number> = {
  "xx-small": 9,
  "x-small": 10,
  small: 13,
  medium: 16,
  large: 18,
  "x-large": 24,
  "xx-large": 32,
};
/** Of `<font size>`, 1 to 7. */
const OF_FONT = [10, 13, 16, 18, 24, 32, 48];

/** Of the text in an element, whose parent's looks so. */
export function styleOf(element: Element, css: Declarations, around: Style): Style {
  const style: Style = { ...around };
  byName(element, style);
  const shorthand = css["font"] ?? "";
  const size = sizeOf(
    css["font-size"] ?? /(^|\s)([\d.]+(?:px|pt|em|rem|%))/.exec(shorthand)?.[2],
    around.size ?? undefined,
  );
  if (size) style.size = size;
  const font = fontOf(css["font-family"] ?? /[\d.](?:px|pt|em|rem|%)(?:\/\S+)?\s+(.+)$/.exec(shorthand)?.[1]);
  if (font) style.font = font;
  const paint = css["color"] === "inherit" ? undefined : colour(css["color"]);
  if (paint) style.colour = paint;
  const weight = css["font-weight"] ?? /\b(bold|normal|[6-9]00)\b/.exec(shorthand)?.[1];
  if (weight) style.weight = /bold|[6-9]00/.test(weight) ? "bold" : "normal";
  const slant = css["font-style"] ?? /\b(italic|oblique)\b/.exec(shorthand)?.[1];
  if (slant) style.italic = /italic|oblique/.test(slant);
  const line = css["text-decoration"] ?? css["text-decoration-line"];
  if (line) style.underline = /underline/.test(line);
  const tracking = pixels(css["letter-spacing"], style.size ?? BASE.size);
  if (tracking !== undefined) style.tracking = Math.round(Math.min(8, Math.max(0, tracking)));
  const leading = leadingOf(css["line-height"], style.size ?? BASE.size);
  if (leading) style.leading = leading;
  return style;
}

/** What the name of an element says, and its old attributes. */
function byName(element: Element, style: Style) {
  const name = element.localName;
  if (name === "b" || name === "strong" || name === "th" || /^h[1-6]$/.test(name)) style.weight = "bold";
  if (name === "i" || name === "em" || name === "cite" || name === "address") style.italic = true;
  if (name === "u" || name === "ins") style.underline = true;
  if (name === "small" && style.size) style.size = clamp(style.size * 0.85);
  if (name === "a" && safeLink(element.getAttribute("href")))
    Object.assign(style, { colour: "#0563c1", underline: true });
  if (name === "font") {
    const size = OF_FONT[Number(element.getAttribute("size")) - 1];
    if (size) style.size = size;
    const font = fontOf(element.getAttribute("face"));
    if (font) style.font = font;
    const paint = colour(element.getAttribute("color"));
    if (paint) style.colour = paint;
  }
}

function sizeOf(text: string | undefined, around = 16): number | undefined {
  if (!text) return undefined;
  const percent = /^\s*([\d.]+)\s*%/.exec(text)?.[1];
  const found = percent
    ? (around * Number(percent)) / 100
    : (pixels(text, around) ?? KEYWORDS[text.trim().toLowerCase()]);
  return found ? clamp(found) : undefined;
}

const clamp = (size: number) => Math.round(Math.min(72, Math.max(6, size)));

/** Names of fonts as a design writes them, with one at the end that every computer has. */
function fontOf(text: string | null | undefined): string | undefined {
  const names = (text ?? "")
    .split(",")
    .map((name) =>
      name
        .replace(/["']/g, "")
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .trim(),
    )
    .filter((name) => name && !/^(inherit|initial|unset)$|^mso-|^\+/i.test(name));
  if (names.length === 0) return undefined;
  const last = names.at(-1)!;
  if (/^(sans-serif|serif|monospace)$/i.test(last)) return [...new Set(names)].slice(0, 6).join(", ");
  const serif = /times|georgia|garamond|cambria|palatino|book antiqua|serif/i.test(names[0]!);
  const mono = /courier|consolas|mono/i.test(names[0]!);
  const kind = mono ? "monospace" : serif ? "serif" : "sans-serif";
  const common = kind === "sans-serif" ? ["Arial", kind] : [kind];
  return [...new Set([...names.slice(0, 4), ...common])].join(", ");
}

function leadingOf(text: string | undefined, size: number): number | undefined {
  if (!text) return undefined;
  const percent = /^\s*([\d.]+)\s*%/.exec(text)?.[1];
  const ratio = /^\s*([\d.]+)\s*$/.exec(text)?.[1];
  const length = pixels(text, size);
  const found = percent ? Number(percent) : ratio ? Number(ratio) * 100 : length ? (length / size) * 100 : undefined;
  // Less than a line, or `line-height:0` around a picture, is not meant for text.
  return found && found >= 90 ? Math.round(Math.min(250, Math.max(100, found))) : undefined;
}
