/**
 * Puts merge fields in the place of a person's facts, in text, links and photos; which, is for somebody to say.
 */
import type { Block, Design, Field, Line, Link, PersonEntry, Span, Style } from "../../editor/design/types";
import { isField, isStyled } from "../../editor/design/types";
import { candidatesOf, isSameNumber, type Candidate } from "./candidates";
import { matchesIn, type Match } from "./matches";

/** A fact of the person in the signature. */
export interface FoundFact {
  key: string;
  candidate: Candidate;
  /** As it is written, once. */
  written: string;
  count: number;
}

export const PHOTO = "photo";

/** Every fact that is found, in the order of the signature. */
export function factsIn(design: Design, person: PersonEntry): FoundFact[] {
  const found = new Map<string, FoundFact>();
  withFields(
    design,
    person,
    () => true,
    (candidate, written) => {
      const known = found.get(candidate.key);
      if (known) known.count += 1;
      else found.set(candidate.key, { key: candidate.key, candidate, written, count: 1 });
    },
  );
  return [...found.values()];
}

type Note = (candidate: Candidate, written: string) => void;

/** The design with fields for the facts whose key is wanted. */
export function withFields(design: Design, person: PersonEntry, wanted: (key: string) => boolean, note?: Note): Design {
  const candidates = candidatesOf(person).filter(({ key }) => wanted(key));
  const photo: Candidate = { key: PHOTO, value: "", kind: "text", parts: [], doubtful: false };
  const names = candidates.filter(({ parts }) =>
    parts.some((part) => typeof part === "object" && /Name$/.test(part.field)),
  );
  const visit = (block: Block): Block => {
    switch (block.type) {
      case "text":
      case "disclaimer":
        return { ...block, lines: block.lines.map((line) => lineWith(line, candidates, note)) };
      case "columns":
        return { ...block, columns: block.columns.map((column) => ({ ...column, blocks: column.blocks.map(visit) })) };
      case "rows":
        return { ...block, blocks: block.blocks.map(visit) };
      case "image": {
        if (!wanted(PHOTO) || !isPortrait(block, names)) return block;
        note?.(photo, typeof block.alt === "string" ? block.alt : "");
        const { type: _, image: __, link: ___, ...rest } = block;
        return { ...rest, type: "photo", alt: [{ field: "displayName" }] };
      }
      case "button":
        return { ...block, link: linkWith(block.link, candidates) ?? block.link };
      case "social":
        return {
          ...block,
          icons: block.icons.map((icon) => ({ ...icon, link: linkWith(icon.link, candidates) ?? icon.link })),
        };
      default:
        return block;
    }
  };
  return { ...design, blocks: design.blocks.map(visit) };
}

/** A picture that is called as the person is, and is about as high as wide. */
function isPortrait(block: Extract<Block, { type: "image" }>, names: Candidate[]): boolean {
  const alt = typeof block.alt === "string" ? block.alt.toLowerCase() : "";
  const named = names.some(({ value }) => value.length > 4 && alt.includes(value.toLowerCase()));
  return (
    (named || /^(photo|portrait|headshot|profile (picture|photo))\b/.test(alt)) &&
    (block.height ?? block.width) <= 200 &&
    block.width <= 200
  );
}

interface Part {
  text: string;
  span: Span;
}

function lineWith(line: Line, candidates: Candidate[], note?: Note): Line {
  const parts: Part[] = line.map((span) => ({
    span,
    text: isField(span) ? "\ufffc" : isStyled(span) ? span.text : (span as string),
  }));
  const text = parts.map((part) => part.text).join("");
  const matches = matchesIn(text, candidates);
  matches.forEach(({ candidate, from, to }) => note?.(candidate, text.slice(from, to)));
  const result: Line = [];
  let begin = 0;
  for (const { span, text: own } of parts) {
    const end = begin + own.length;
    let at = begin;
    for (const match of matches) {
      if (match.from >= end || match.to <= begin) continue;
      if (match.from > at) result.push(pieceOf(span, own.slice(at - begin, match.from - begin), candidates));
      // A fact that is written in two styles is shown in the first.
      if (match.from >= begin) result.push(...fieldsOf(match, span, candidates));
      at = Math.min(end, match.to);
    }
    if (isField(span)) result.push(span);
    else if (at < end) result.push(pieceOf(span, own.slice(at - begin), candidates));
    begin = end;
  }
  return result;
}

function pieceOf(span: Span, text: string, candidates: Candidate[]): Span {
  if (!isStyled(span)) return text;
  const link = linkWith(span.link, candidates);
  return { ...span, text, ...(link && { link }) };
}

function fieldsOf({ candidate, format }: Match, span: Span, candidates: Candidate[]): Span[] {
  const style: Style | undefined = isStyled(span) ? span.style : undefined;
  const link = isStyled(span) ? linkWith(span.link, candidates) : undefined;
  const rest = { ...(style && { style }), ...(link && { link }) };
  return candidate.parts.map((part): Span => {
    if (typeof part === "string") return Object.keys(rest).length > 0 ? { text: part, ...rest } : part;
    return { field: part.field, ...(format.length > 0 && { format }), ...rest } as Field;
  });
}

/** A link to the person's own address, number or page follows the person. */
function linkWith(link: Link | null | undefined, candidates: Candidate[]): Link | undefined {
  if (typeof link !== "string") return link ?? undefined;
  const [, scheme, rest] = /^(mailto:|tel:)?(.*)$/i.exec(link)!;
  if (scheme?.toLowerCase() === "tel:") {
    const found = candidates.find(({ kind, value }) => kind === "phone" && isSameNumber(value, rest!));
    return found ? ["tel:", ...found.parts] : link;
  }
  if (scheme) {
    const [address, ...query] = rest!.split("?");
    const found = candidates.find(
      ({ kind, value }) => kind === "mail" && value.toLowerCase() === address!.toLowerCase(),
    );
    return found ? ["mailto:", ...found.parts, ...(query.length > 0 ? [`?${query.join("?")}`] : [])] : link;
  }
  const page = candidates.find(
    ({ value }) => /^https?:\/\//i.test(value) && value.replace(/\/$/, "") === link.replace(/\/$/, ""),
  );
  return page ? [...page.parts] : link;
}
