/**
 * How well two colours can be told apart, as WCAG 2.2 measures it.
 */

/** From 1 (the same) to 21 (black on white). `null` where one is no colour. */
export function contrast(one: string, other: string): number | null {
  const [a, b] = [luminance(one), luminance(other)];
  if (a === null || b === null) return null;
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Relative luminance of `#rrggbb`, 0 to 1. */
function luminance(colour: string): number | null {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** What text must reach: large or bold text less than small. */
export function enough(size: number, bold: boolean): number {
  return size >= 24 || (bold && size >= 19) ? 3 : 4.5;
}
