/**
 * What Outlook, Gmail, dark mode or a phone will make of a signature, before anybody receives it.
 *
 * A pure function of the signature, of what the server drew for the chosen person, and of the pictures there are.
 */
import { unfinished } from "../design/drawable";
import { everyBlock, linksOf, picturesOf } from "../design/walk";
import type { Block, Design, ImageSummary, Link, Rendered, SignatureEntry } from "../design/types";
import { contrast, enough } from "./contrast";
import { found, type Finding, type Severity } from "./findings";
import { shades, type Shade } from "./shades";

export interface Linted {
  entry: SignatureEntry;
  /** As the chosen person's messages carry it; `null` while it is not known. */
  rendered: Rendered | null;
  /** For whom it was drawn. */
  person: string;
  images: ImageSummary[];
}

const WINDOW = 600;
const PHONE = 380;
const HTML_BYTES = 90_000;
const PICTURE_BYTES = 200_000;
const SMALLEST = 12;
/** The background of mail programs in dark mode, about. */
const DARK = "#1f1f1f";

const ORDER: Severity[] = ["error", "warning", "advice"];

export function lint(linted: Linted): Finding[] {
  const { design } = linted.entry;
  const findings = [
    ...everyBlock(design).flatMap(({ block, place }) => ofBlock(block, place)),
    ...readability(design),
    ...ofDrawing(linted),
  ];
  return findings.sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
}

function ofBlock(block: Block, place: string): Finding[] {
  const open = unfinished(block);
  const findings = open ? [found(`unfinished-${open}`, place)] : [];
  const hasAlt = block.type === "image" || block.type === "logo" || block.type === "banner" || block.type === "photo";
  if (hasAlt && open === null && (block.alt ?? "").length === 0) findings.push(found("no-alt", place));
  findings.push(...widths(block, place), ...links(block, place));
  if (block.type === "html" && hasOddPicture(block.html)) findings.push(found("html-picture", place));
  return findings;
}

function widths(block: Block, place: string): Finding[] {
  if (!("width" in block) || typeof block.width !== "number" || block.width <= PHONE) return [];
  const kind = block.width > WINDOW ? "wider-than-window" : "wider-than-phone";
  return [found(kind, place, { width: block.width })];
}

function links(block: Block, place: string): Finding[] {
  return linksOf(block).flatMap(([rest, link]) => {
    const begin = beginningOf(link);
    if (begin === null) return [];
    if (begin.trim() === "") return [found("link-missing", `${place}/${rest}`)];
    return isLink(begin, Array.isArray(link)) ? [] : [found("link-scheme", `${place}/${rest}`, { link: begin })];
  });
}

/** The words with which a link begins; `null` when a field does. */
function beginningOf(link: Link): string | null {
  if (typeof link === "string") return link;
  const [first] = link;
  if (first === undefined) return "";
  return typeof first === "string" ? first : null;
}

/** A link that is one text may be the name of a host alone; the server puts `https://` before it. */
function isLink(begin: string, inParts: boolean): boolean {
  if (/^(https?:\/\/[^/]|mailto:.|tel:.)/i.test(begin)) return true;
  return inParts
    ? /^(https?:\/\/|mailto:|tel:)/i.test(begin)
    : /^[\p{L}\p{N}][\p{L}\p{N}.-]*\.[\p{L}\p{N}]/u.test(begin);
}

function hasOddPicture(html: string): boolean {
  const sources = [...html.matchAll(/<img\b[^>]*\bsrc\s*=\s*["']?([^"'\s>]+)/gi)].map(([, source]) => source ?? "");
  return sources.some((source) => /^data:/i.test(source) || /\.(webp|svg)(\?|#|$)/i.test(source));
}

/** Faint text is told of each block; small text and dark text once, for most designs have it throughout. */
function readability(design: Design): Finding[] {
  const all = shades(design);
  const places = [...new Set(all.map((shade) => shade.place))];
  const faint = places.flatMap((place) => all.find((shade) => shade.place === place && isFaint(shade)) ?? []);
  const tiny = all.filter(isTiny).sort((one, other) => one.size - other.size)[0];
  const dark = all.find(({ colour, background }) => background === null && (contrast(colour, DARK) ?? 21) < 3);
  return [
    ...faint.map(lowContrast),
    ...(tiny ? [found("tiny-text", tiny.place, { size: tiny.size })] : []),
    ...(dark ? [found("dark-mode", dark.place, { colour: dark.colour })] : []),
  ];
}

function isTiny({ size, smallPrint }: Shade): boolean {
  return size < (smallPrint ? 9 : SMALLEST);
}

function isFaint({ colour, background, size, bold }: Shade): boolean {
  return (contrast(colour, background ?? "#ffffff") ?? 21) < enough(size, bold);
}

function lowContrast({ place, colour, background, size, bold }: Shade): Finding {
  const behind = background ?? "#ffffff";
  const ratio = (contrast(colour, behind) ?? 21).toFixed(1);
  return found("low-contrast", place, { colour, background: behind, ratio, wanted: enough(size, bold) });
}

function ofDrawing({ entry, rendered, person, images }: Linted): Finding[] {
  if (!rendered) return [];
  if (rendered.empty) return [found("nothing-left", null, { person })];
  const findings: Finding[] = [];
  const bytes = new TextEncoder().encode(rendered.html).length;
  if (bytes > HTML_BYTES) findings.push(found("large", null, { kilobytes: Math.round(bytes / 1000) }));
  const carries = /src="cid:(?!qr\+)/.test(rendered.html);
  if (carries && entry.images === "hosted") findings.push(found("not-hosted", null));
  const shown = picturesOf(entry.design);
  const weight = images.filter(({ id }) => shown.includes(id)).reduce((sum, image) => sum + image.bytes, 0);
  if (carries && weight > PICTURE_BYTES) {
    findings.push(found("heavy-pictures", null, { kilobytes: Math.round(weight / 1000) }));
  }
  return findings;
}
