/**
 * What the server would not take of a brand, said while it is typed.
 */
import type { Brand } from "./queries";

export const MOST_COLOURS = 24;
export const MOST_FONTS = 12;
export const MOST_LOGOS = 12;
export const MOST_NAME = 60;
export const MOST_ALT = 300;

/** Why, in English for `t`, by the place in the brand: `colours/0/name`. */
export type Faults = Record<string, string>;

export function faultsOf({ colours, logos }: Brand): Faults {
  return { ...ofNames("colours", colours), ...ofNames("logos", logos) };
}

function ofNames(list: string, named: { name: string }[]): Faults {
  const seen = new Set<string>();
  const faults: Faults = {};
  named.forEach(({ name }, at) => {
    const place = `${list}/${at}/name`;
    const word = name.trim().toLowerCase();
    if (word === "") faults[place] = "Give it a name.";
    else if (seen.has(word)) faults[place] = "Another one has this name.";
    seen.add(word);
  });
  return faults;
}

/** A name that none of them has: the wanted one, or the same with a number. */
export function freeName(wanted: string, named: { name: string }[]): string {
  const taken = new Set(named.map(({ name }) => name.trim().toLowerCase()));
  const base = wanted.slice(0, MOST_NAME - 4);
  if (!taken.has(base.toLowerCase())) return base;
  let number = 2;
  while (taken.has(`${base} ${number}`.toLowerCase())) number += 1;
  return `${base} ${number}`;
}
