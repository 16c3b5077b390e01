/**
 * A picture of the HTML as a block: its size, its link, and what it is likely to be.
 */
import type { Around, Reading } from "./reading";
import { show } from "./reading";
import type { Shown } from "./lines";
import { networkOf } from "./networks";
import { whole } from "./values";

/** Widest that a design shows; a picture that says no width is shown at most as wide as a message. */
const WIDEST = 1200;
const WIDEST_UNSAID = 600;
/** Icons are no larger. */
const ICON = 48;
/** Wider is a banner, where it leads somewhere. */
const BANNER = 300;

/** `null` for what nobody sees: pictures that count readers, and spacers. */
export function pictureOf(element: Element, around: Around, reading: Reading): Shown | null {
  const src = (element.getAttribute("src") ?? "").trim();
  const css = reading.css(element);
  const said = {
    width: whole(css["width"]?.includes("%") ? null : (css["width"] ?? attribute(element, "width")), 0, WIDEST),
    height: whole(css["height"]?.includes("%") ? null : (css["height"] ?? attribute(element, "height")), 0, WIDEST),
  };
  if (src === "" || css["display"] === "none" || css["visibility"] === "hidden") return null;
  if ((said.width ?? 99) <= 3 || (said.height ?? 99) <= 3) return null;
  const own = reading.sizeOf(src);
  if (own && (own.width <= 3 || own.height <= 3)) return null;
  const ratio = own ? own.width / own.height : undefined;
  const width = Math.round(
    said.width ??
      (said.height && ratio ? said.height * ratio : undefined) ??
      Math.min(own?.width ?? 120, WIDEST_UNSAID),
  );
  const alt = (element.getAttribute("alt") ?? "").replace(/\s+/g, " ").trim().slice(0, 200);
  const link = around.link;

  const network = networkOf(link);
  if (network && link && width <= ICON) {
    const size = Math.max(16, Math.min(64, width));
    return {
      kind: "shown",
      block: { type: "social", icons: [{ network, link }], size },
      network: { network, link, size },
    };
  }
  const image = show(reading, src, alt);
  const height = said.height && ratio && Math.abs(width / said.height / ratio - 1) > 0.03 ? said.height : undefined;
  const round = /%/.test(css["border-radius"] ?? "") || (whole(css["border-radius"], 0, 999) ?? 0) * 2.2 >= width;
  const type = width >= BANNER && link ? "banner" : /logo/i.test(`${alt} ${src.slice(0, 200)}`) ? "logo" : "image";
  return {
    kind: "shown",
    block: {
      type,
      image,
      alt,
      width: Math.max(1, width),
      ...(height && { height }),
      ...(link && { link }),
      ...(around.align !== "left" && { align: around.align }),
      ...(round
        ? { shape: "round" as const }
        : css["border-radius"] && whole(css["border-radius"], 0, 99)
          ? { shape: "rounded" as const }
          : {}),
    },
  };
}

function attribute(element: Element, name: string): string | null {
  const value = element.getAttribute(name);
  return value?.includes("%") ? null : value;
}
