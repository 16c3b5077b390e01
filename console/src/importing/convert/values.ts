/**
 * Lengths, colours and sides as CSS writes them, in pixels and `#rrggbb`.
 */
import type { Declarations } from "./css";

const PIXELS: Record<string, number> = { px: 1, "": 1, pt: 4 / 3, pc: 16, in: 96, cm: 96 / 2.54, mm: 96 / 25.4 };

/** A length; `undefined` for what is none, or depends on what is around it. `em` is the size of the text. */
export function pixels(text: string | null | undefined, around?: number | null): number | undefined {
  const em = around ?? 13;
  const found = /^\s*(-?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)/i.exec(text ?? "");
  if (!found) return undefined;
  const number = Number(found[1]);
  const unit = found[2]!.toLowerCase();
  if (unit === "em" || unit === "rem" || unit === "ex")
    return number * (unit === "rem" ? 16 : unit === "ex" ? em / 2 : em);
  const factor = PIXELS[unit];
  return factor === undefined ? undefined : number * factor;
}

/** A length as a whole number within bounds. */
export function whole(text: string | null | undefined, least: number, most: number): number | undefined {
  const found = pixels(text);
  return found === undefined ? undefined : Math.round(Math.min(most, Math.max(least, found)));
}

const NAMES: Record<string, string> = {
  black: "#000000",
  windowtext: "#000000",
  white: "#ffffff",
  window: "#ffffff",
  red: "#ff0000",
  green: "#008000",
  blue: "#0000ff",
  yellow: "#ffff00",
  gray: "#808080",
  grey: "#808080",
  silver: "#c0c0c0",
  maroon: "#800000",
  navy: "#000080",
  purple: "#800080",
  teal: "#008080",
  olive: "#808000",
  lime: "#00ff00",
  aqua: "#00ffff",
  cyan: "#00ffff",
  fuchsia: "#ff00ff",
  magenta: "#ff00ff",
  orange: "#ffa500",
  darkblue: "#00008b",
  darkgreen: "#006400",
  darkred: "#8b0000",
  darkgray: "#a9a9a9",
  darkgrey: "#a9a9a9",
  dimgray: "#696969",
  dimgrey: "#696969",
  lightgray: "#d3d3d3",
  lightgrey: "#d3d3d3",
  gainsboro: "#dcdcdc",
  whitesmoke: "#f5f5f5",
  steelblue: "#4682b4",
  royalblue: "#4169e1",
  midnightblue: "#191970",
  slategray: "#708090",
  gold: "#ffd700",
  crimson: "#dc143c",
  tomato: "#ff6347",
  coral: "#ff7f50",
  brown: "#a52a2a",
  indigo: "#4b0082",
  pink: "#ffc0cb",
};

/** The colour in a value such as `1px solid #ccc`; `undefined` where there is none or it cannot be seen. */
export function colour(text: string | null | undefined): string | undefined {
  const value = (text ?? "").toLowerCase();
  const hex = /#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b/.exec(value)?.[1];
  if (hex)
    return hex.length < 6 ? `#${[...hex.slice(0, 3)].map((digit) => digit + digit).join("")}` : `#${hex.slice(0, 6)}`;
  const parts = /rgba?\(([^)]*)\)/
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .filter(Boolean);
  if (parts && parts.length >= 3) {
    if (parts[3] !== undefined && parseFloat(parts[3]) === 0) return undefined;
    const part = (one: string) => {
      const number = one.endsWith("%") ? parseFloat(one) * 2.55 : parseFloat(one);
      return Math.round(Math.min(255, Math.max(0, number || 0)))
        .toString(16)
        .padStart(2, "0");
    };
    return `#${parts.slice(0, 3).map(part).join("")}`;
  }
  return value
    .match(/[a-z]+/g)
    ?.map((word) => NAMES[word])
    .find(Boolean);
}

export type Side = "top" | "right" | "bottom" | "left";
const SIDES: Side[] = ["top", "right", "bottom", "left"];

/** `padding` or `margin` at each side. */
export function sides(
  css: Declarations,
  what: "padding" | "margin",
  em?: number | null,
): Partial<Record<Side, number>> {
  const said = (css[what] ?? "")
    .split(/\s+/)
    .filter(Boolean)
    .map((one) => pixels(one, em));
  const [top, right = top, bottom = top, left = right] = said;
  const short: Record<Side, number | undefined> = { top, right, bottom, left };
  const found = SIDES.map((side) => [side, pixels(css[`${what}-${side}`], em) ?? short[side]] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

export interface Edge {
  colour: string;
  thickness: number;
}

/** The line that is drawn at one side; `undefined` where there is none. */
export function edge(css: Declarations, side: Side): Edge | undefined {
  const at = SIDES.indexOf(side);
  const ofSide = (key: string) => {
    const values = (css[`border-${key}`] ?? "").match(/[\w#.%-]+(\([^)]*\))?/g) ?? [];
    return values[[at, at % 2, at === 3 ? 1 : 0].find((place) => values[place] !== undefined) ?? 0];
  };
  const own = css[`border-${side}`];
  const short = own ?? css["border"] ?? "";
  const style = css[`border-${side}-style`] ?? (own === undefined ? ofSide("style") : undefined) ?? short;
  if (!/solid|dashed|dotted|double|groove|ridge|inset|outset/i.test(style)) return undefined;
  const width =
    css[`border-${side}-width`] ??
    (own === undefined ? ofSide("width") : undefined) ??
    /-?[\d.]+[a-z]+/i.exec(short)?.[0];
  const thickness = Math.round(pixels(width) ?? 1);
  if (width !== undefined && (pixels(width) ?? 1) <= 0) return undefined;
  const paint = css[`border-${side}-color`] ?? (own === undefined ? ofSide("color") : undefined) ?? short;
  const drawn = colour(paint.replace(/\b(solid|dashed|dotted|double)\b/gi, ""));
  return { colour: drawn ?? "#000000", thickness: Math.max(1, Math.min(10, thickness)) };
}

/** What is painted behind something. White is what mail is drawn on. */
export function background(element: Element, css: Declarations): string | undefined {
  const found = colour(css["background-color"] ?? css["background"]) ?? colour(element.getAttribute("bgcolor"));
  return found === "#ffffff" ? undefined : found;
}
