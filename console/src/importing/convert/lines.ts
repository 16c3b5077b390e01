/**
 * A line as it is read: words with their style and link, and pictures among them. Blanks are folded as a browser does.
 */
import { BASE } from "../../editor/design/look";
import type { Align, Block, Line, Network, Span, Style } from "../../editor/design/types";

export interface Words {
  kind: "words";
  text: string;
  style: Style;
  link?: string;
}

export interface Shown {
  kind: "shown";
  block: Block;
  /** It stands for a network, by its link. */
  network?: { network: Network; link: string; size: number };
}

export type Inline = Words | Shown;

/** Adds words to a line; blanks at its beginning and after blanks are left out. */
export function addWords(line: Inline[], words: Words) {
  const folded = words.text.replace(/[ \t\r\n\f]+/g, " ");
  const last = line.at(-1);
  const atBlank = !last || (last.kind === "words" && / $/.test(last.text));
  const text = atBlank ? folded.replace(/^ /, "") : folded;
  if (text === "") return;
  if (last?.kind === "words" && last.link === words.link && same(last.style, words.style)) last.text += text;
  else line.push({ ...words, text });
}

export const same = (one: Style, other: Style) => JSON.stringify(tidy(one)) === JSON.stringify(tidy(other));

/** In one order, so that two can be compared. */
function tidy(style: Style): unknown {
  const said = Object.entries(style).filter(([, value]) => value !== undefined);
  return said.sort(([one], [other]) => (one < other ? -1 : 1));
}

export const isBlank = (line: Inline[]) => line.every((one) => one.kind === "words" && one.text.trim() === "");

const DEFAULTS: Style = {
  font: BASE.font,
  size: BASE.size,
  colour: BASE.colour,
  weight: "normal",
  italic: false,
  underline: false,
  tracking: 0,
  leading: BASE.leading,
};

type Key = keyof Style;
const KEYS = Object.keys(DEFAULTS) as Key[];

/** What most of the words have in common. Of links neither colour nor underline counts. */
export function commonStyle(lines: Words[][], inherited: Style): Style {
  const found: Record<string, unknown> = {};
  for (const key of KEYS) {
    const counts = new Map<unknown, number>();
    for (const { text, style, link } of lines.flat()) {
      if (link && (key === "colour" || key === "underline") && lines.flat().some((one) => !one.link)) continue;
      const value = style[key] ?? inherited[key] ?? DEFAULTS[key];
      counts.set(value, (counts.get(value) ?? 0) + text.trim().length);
    }
    const [most] = [...counts].sort(([, one], [, other]) => other - one);
    if (most && most[1] > 0 && most[0] !== (inherited[key] ?? DEFAULTS[key])) found[key] = most[0];
  }
  return found;
}

/** A line of a design, its words styled only where they differ from the block. */
export function lineOf(words: Words[], block: Style): Line {
  const trimmed = trimEnd(words);
  return trimmed.map(({ text, style, link }): Span => {
    const own: Record<string, unknown> = {};
    for (const key of KEYS) {
      const value = style[key] ?? DEFAULTS[key];
      // Lines are as far apart as the block says.
      if (key !== "leading" && value !== (block[key] ?? DEFAULTS[key])) own[key] = value;
    }
    const styled = Object.keys(own).length > 0;
    if (!styled && !link) return text;
    return { text, ...(styled && { style: own as Style }), ...(link && { link }) };
  });
}

function trimEnd(words: Words[]): Words[] {
  const last = words.at(-1);
  if (!last) return words;
  const text = last.text.replace(/ +$/, "");
  return text === "" ? trimEnd(words.slice(0, -1)) : [...words.slice(0, -1), { ...last, text }];
}

export const alignOf = (said: string | null | undefined, around: Align): Align => {
  if (/^(center|centre|middle|-webkit-center)$/i.test(said ?? "")) return "centre";
  if (/^(right|end)$/i.test(said ?? "")) return "right";
  return /^(left|start|justify)$/i.test(said ?? "") ? "left" : around;
};
