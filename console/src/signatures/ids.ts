/**
 * Ids for what is new: readable, from the name, and not taken yet. 1 to 64 letters, digits, `-`, `_` and `.`.
 */

const LONGEST = 60;

export function idFor(name: string, taken: readonly string[], otherwise: string): string {
  const base =
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, LONGEST) || otherwise;
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
