/**
 * Links, alternative texts and the texts of buttons: one text, or words and fields put together.
 */
import { isField, type Line, type Part } from "../design/types";

export type Parts = string | Part[];

/** As a line that can be edited. */
export function toLine(parts: Parts | null | undefined): Line {
  if (parts === null || parts === undefined) return [];
  return typeof parts === "string" ? [parts].filter((text) => text !== "") : parts;
}

/** One text where there is no field in it. */
export function fromLine(line: Line): Parts {
  const pieces = line.map((span): Part => {
    if (!isField(span)) return typeof span === "string" ? span : span.text;
    const { field, format } = span;
    return { field, ...(format && format.length > 0 && { format }) };
  });
  return pieces.every((piece) => typeof piece === "string") ? pieces.join("") : pieces;
}
