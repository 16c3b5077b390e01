/**
 * What the signatures use and the brand has not: colours and fonts to take over.
 */
import type { Used } from "../editor/design/used";
import { freeName, MOST_COLOURS, MOST_FONTS } from "./faults";
import type { Brand } from "./queries";

export function notInBrand({ colours, fonts }: Used, brand: Brand): Used {
  const known = new Set(brand.colours.map(({ colour }) => colour.toLowerCase()));
  const knownFonts = new Set(brand.fonts.map((font) => font.toLowerCase()));
  return {
    colours: colours.filter((colour) => !known.has(colour)),
    fonts: fonts.filter((font) => !knownFonts.has(font.toLowerCase())),
  };
}

/** The brand with these behind what it has, as far as there is room. */
export function takenOver(brand: Brand, { colours, fonts }: Used, nameOf: (colour: string) => string): Brand {
  const all = [...brand.colours];
  for (const colour of colours) all.push({ name: freeName(nameOf(colour), all), colour });
  return {
    ...brand,
    colours: all.slice(0, Math.max(MOST_COLOURS, brand.colours.length)),
    fonts: [...brand.fonts, ...fonts].slice(0, Math.max(MOST_FONTS, brand.fonts.length)),
  };
}

/** Grey when it has hardly any hue; what is nearly white or black is said so. */
type Shade = "white" | "black" | "grey" | "red" | "orange" | "yellow" | "green" | "cyan" | "blue" | "purple" | "pink";

const HUES: [number, Shade][] = [
  [15, "red"],
  [40, "orange"],
  [68, "yellow"],
  [165, "green"],
  [195, "cyan"],
  [255, "blue"],
  [290, "purple"],
  [345, "pink"],
  [360, "red"],
];

/** What people would call a colour `#rrggbb`. */
export function shadeOf(colour: string): Shade {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const spread = most - least;
  if (most < 0.12) return "black";
  if (least > 0.93) return "white";
  if (spread < 0.08) return "grey";
  const sector =
    most === red ? (green - blue) / spread : most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4;
  const hue = (sector * 60 + 360) % 360;
  return HUES.find(([end]) => hue <= end)![1];
}
