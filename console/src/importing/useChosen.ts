/**
 * Which pieces of a source are the signature: at first those that were found, then what somebody chooses.
 */
import { useMemo, useState } from "react";
import { findSignature, type How } from "./read/find";
import { piecesOf, type Piece } from "./read/pieces";
import type { Source } from "./read/source";

export interface Chosen {
  pieces: Piece[];
  /** Places of the pieces, the blank ones between them included. */
  chosen: ReadonlySet<number>;
  how: How;
  toggle: (at: number) => void;
}

export function useChosen(source: Source, others: Source[], names: string[]): Chosen {
  const pieces = useMemo(() => piecesOf(source.document), [source.document]);
  const key = names.join("\n");
  const found = useMemo(
    () =>
      findSignature(
        pieces,
        source.whole,
        others.map(({ document }) => piecesOf(document)),
        key.split("\n").filter(Boolean),
      ),
    [pieces, source.whole, others, key],
  );
  const [changed, setChanged] = useState<ReadonlySet<number> | null>(null);
  const chosen = useMemo(() => changed ?? withoutBlank(pieces, found.from, found.to), [changed, pieces, found]);
  const toggle = (at: number) => {
    const next = new Set(chosen);
    if (!next.delete(at)) next.add(at);
    setChanged(next);
  };
  return { pieces, chosen: useMemo(() => withBlanks(pieces, chosen), [pieces, chosen]), how: found.how, toggle };
}

function withoutBlank(pieces: Piece[], from: number, to: number): ReadonlySet<number> {
  return new Set(pieces.flatMap(({ kind }, at) => (at >= from && at < to && kind !== "blank" ? [at] : [])));
}

/** Empty lines belong to what they stand between. */
export function withBlanks(pieces: Piece[], chosen: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set([...chosen].filter((at) => pieces[at]?.kind !== "blank"));
  const said = pieces.flatMap(({ kind }, at) => (kind === "blank" ? [] : [at]));
  said.forEach((at, place) => {
    const next = said[place + 1];
    if (next === undefined || !all.has(at) || !all.has(next)) return;
    for (let between = at + 1; between < next; between += 1) all.add(between);
  });
  return all;
}
