/**
 * About what mail programs make of colours in dark mode: light backgrounds become dark, dark text becomes light, and the
 * hue stays. Programs differ; this is the way of Outlook, which changes most.
 */

type Hsl = [hue: number, saturation: number, lightness: number];

export function darkened(colour: string, role: "text" | "background"): string {
  const hsl = toHsl(colour);
  if (!hsl) return colour;
  const [hue, saturation, lightness] = hsl;
  const turned = role === "background" ? lightness > 0.5 : lightness < 0.6;
  if (!turned) return colour;
  // Neither pure black nor pure white: the programs take softer ones.
  const light = role === "background" ? 0.08 + (1 - lightness) * 0.6 : Math.max(0.62, 1 - lightness * 0.8);
  return toHex([hue, saturation * 0.9, Math.min(0.96, light)]);
}

/** Turns the colours of a fragment of HTML: its styles, and the attributes that say the same for Outlook. */
export function darkenedHtml(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.body.querySelectorAll<HTMLElement>("[style], [bgcolor]").forEach((element) => {
    const { style } = element;
    for (const [key, role] of COLOURS) {
      const value = style.getPropertyValue(key);
      if (value) style.setProperty(key, darkened(hexOf(value), role));
    }
    const field = element.getAttribute("bgcolor");
    if (field) element.setAttribute("bgcolor", darkened(field, "background"));
  });
  return page.body.innerHTML;
}

const COLOURS: [string, "text" | "background"][] = [
  ["color", "text"],
  ["background-color", "background"],
  ["border-top-color", "text"],
  ["border-right-color", "text"],
  ["border-bottom-color", "text"],
  ["border-left-color", "text"],
];

/** Browsers tell colours as `rgb(…)`. */
function hexOf(value: string): string {
  const parts = /^rgb\((\d+),\s*(\d+),\s*(\d+)\)$/.exec(value)?.slice(1).map(Number);
  return parts ? `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}` : value;
}

function toHsl(colour: string): Hsl | null {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255) as Hsl;
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const lightness = (most + least) / 2;
  const range = most - least;
  if (range === 0) return [0, 0, lightness];
  const saturation = range / (1 - Math.abs(2 * lightness - 1));
  const sixth =
    most === red ? (green - blue) / range : most === green ? (blue - red) / range + 2 : (red - green) / range + 4;
  return [(sixth * 60 + 360) % 360, saturation, lightness];
}

function toHex([hue, saturation, lightness]: Hsl): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const part = (offset: number) => {
    const at = (offset + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
