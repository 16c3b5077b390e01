/**
 * The two themes of the console. Fluent UI derives every colour from one ramp; ours is a calm teal whose steps keep the
 * contrast that WCAG asks for where Fluent puts text on them.
 */
import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from "@fluentui/react-components";

const teal: BrandVariants = {
  10: "#00110f",
  20: "#00201e",
  30: "#002f2c",
  40: "#003d39",
  50: "#004b46",
  60: "#005751",
  70: "#00635d",
  80: "#0b6f68",
  90: "#1c8079",
  100: "#2c9289",
  110: "#3fa59c",
  120: "#57b7ae",
  130: "#73c9c0",
  140: "#95dad2",
  150: "#bbe9e3",
  160: "#dcf5f1",
};

const shape = {
  fontFamilyBase: `"Segoe UI Variable Text", "Segoe UI", -apple-system, "SF Pro Text", Roboto, "Helvetica Neue", Arial, sans-serif`,
  borderRadiusMedium: "6px",
  borderRadiusLarge: "8px",
  borderRadiusXLarge: "12px",
} satisfies Partial<Theme>;

export const lightTheme: Theme = { ...createLightTheme(teal), ...shape };

export const darkTheme: Theme = {
  ...createDarkTheme(teal),
  ...shape,
  colorBrandForeground1: teal[120],
  colorBrandForeground2: teal[130],
  colorBrandForegroundLink: teal[120],
  colorBrandForegroundLinkHover: teal[130],
  colorBrandForegroundLinkPressed: teal[140],
};
