/** Two brands are the same, and lists with one put elsewhere. */
import type { Brand } from "./queries";

export const isSame = (one: Brand, other: Brand) => JSON.stringify(one) === JSON.stringify(other);

/** The list with the one at a place put one place later. */
export const swapped = <One>(list: One[], at: number): One[] => [
  ...list.slice(0, at),
  ...list.slice(at + 1, at + 2),
  ...list.slice(at, at + 1),
  ...list.slice(at + 2),
];

export const without = <One>(list: One[], at: number): One[] => list.filter((_, other) => other !== at);

export const withOne = <One>(list: One[], at: number, keys: Partial<One>): One[] =>
  list.map((one, other) => (other === at ? { ...one, ...keys } : one));
