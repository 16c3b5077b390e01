/**
 * Finds the facts of a person in a line of text: whole words, the longest first, numbers by their digits.
 */
import type { Filter } from "../../editor/design/types";
import { digitsOf, isSameNumber, type Candidate } from "./candidates";

export interface Match {
  from: number;
  to: number;
  candidate: Candidate;
  format: Filter[];
}

const NUMBER = /[+(]?\d[\d\s\u00a0().\-–/]{4,}\d/g;

export function matchesIn(text: string, candidates: Candidate[]): Match[] {
  const found: Match[] = [];
  const free = (from: number, to: number) => found.every((one) => to <= one.from || from >= one.to);
  for (const candidate of candidates) {
    for (const match of candidate.kind === "phone" ? numbers(text, candidate) : words(text, candidate)) {
      if (free(match.from, match.to)) found.push(match);
    }
  }
  return found.sort((one, other) => one.from - other.from);
}

function* words(text: string, candidate: Candidate): Generator<Match> {
  const pattern = candidate.value
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[\\s\\u00a0]+");
  for (const { 0: written, index } of text.matchAll(new RegExp(pattern, "giu"))) {
    const to = index + written.length;
    if (!isWhole(text, index, to) || (candidate.kind === "text" && isInAddress(text, index, to))) continue;
    yield { from: index, to, candidate, format: candidate.kind === "text" ? caseOf(written, candidate.value) : [] };
  }
}

const LETTER = /[\p{L}\p{N}]/u;

function isWhole(text: string, from: number, to: number): boolean {
  const before = [...text.slice(0, from)].at(-1) ?? "";
  const after = [...text.slice(to)][0] ?? "";
  return !LETTER.test(before) && !LETTER.test(after);
}

/** A name in somebody's address or in a link is part of that. */
function isInAddress(text: string, from: number, to: number): boolean {
  const begin = text.lastIndexOf(" ", from) + 1;
  const end = text.indexOf(" ", to);
  return /@|:\/\/|www\./i.test(text.slice(begin, end < 0 ? undefined : end));
}

function caseOf(written: string, value: string): Filter[] {
  const plain = written.replace(/[\s\u00a0]+/g, " ");
  if (plain === value) return [];
  if (plain === value.toUpperCase()) return ["upper"];
  return plain === value.toLowerCase() ? ["lower"] : [];
}

function* numbers(text: string, candidate: Candidate): Generator<Match> {
  for (const { 0: written, index } of text.matchAll(NUMBER)) {
    if (!isSameNumber(written, candidate.value)) continue;
    yield { from: index, to: index + written.length, candidate, format: writtenAs(written, candidate.value) };
  }
}

/** How a number is put so that it is written as it was. */
function writtenAs(written: string, value: string): Filter[] {
  if (written === value) return [];
  const style = /\d\.\d/.test(written)
    ? "dots"
    : /\d[-–]\d/.test(written)
      ? "hyphens"
      : /^(\+|00)/.test(written)
        ? "international"
        : "national";
  const [own, asked] = [digitsOf(value), digitsOf(written)];
  const country =
    asked.length > own.length && !/^(\+|00)/.test(value) ? asked.slice(0, asked.length - own.length) : undefined;
  return [{ phone: { style, ...(country && { country }) } }];
}
