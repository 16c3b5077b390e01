/**
 * How text looks after everything around it has had its say. The same rules and the same defaults as the renderer's.
 */
import type { Style } from "./types";

/** A style with nothing left open. */
export interface Look {
  font: string;
  size: number;
  colour: string;
  weight: "normal" | "bold";
  italic: boolean;
  underline: boolean;
  tracking: number;
  leading: number;
}

/** What is true where a design says nothing. */
export const BASE: Look = {
  font: "Arial, Helvetica, sans-serif",
  size: 13,
  colour: "#333333",
  weight: "normal",
  italic: false,
  underline: false,
  tracking: 0,
  leading: 140,
};

/** What a disclaimer says before its own style. */
export const SMALL_PRINT: Style = { size: 10, colour: "#767676" };

export function withStyle(look: Look, style: Style | null | undefined): Look {
  const said = Object.entries(style ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return { ...look, ...Object.fromEntries(said) };
}

/** As declarations for React. */
export function cssOf(look: Look): React.CSSProperties {
  return {
    fontFamily: look.font,
    fontSize: look.size,
    lineHeight: `${Math.floor((look.size * look.leading) / 100)}px`,
    color: look.colour,
    fontWeight: look.weight,
    fontStyle: look.italic ? "italic" : "normal",
    textDecoration: look.underline ? "underline" : "none",
    letterSpacing: look.tracking ? `${look.tracking}px` : "normal",
  };
}

/** The corners of something so many pixels high. */
export function radiusOf(shape: "square" | "rounded" | "round" | undefined, height: number): number {
  if (shape === "rounded") return 4;
  return shape === "round" ? Math.ceil(height / 2) : 0;
}

/** A style without what was emptied; `undefined` when it says nothing. */
export function tidyStyle(style: Style): Style | undefined {
  const said = Object.entries(style).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}
