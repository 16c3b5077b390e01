/**
 * Lists as one would say them: “Ada, Bea and Cy”, and no longer than one would listen to.
 */
import type { TFunction } from "i18next";

const LONGEST = 3;

/** All of them hold, or are meant. */
export const andList = (items: string[], language: string) =>
  new Intl.ListFormat(language, { type: "conjunction" }).format(items);

/** Any of them holds. */
export const orList = (items: string[], language: string) =>
  new Intl.ListFormat(language, { type: "disjunction" }).format(items);

/** The first few, and how many more there are. */
export function shortened(items: string[], t: TFunction): string[] {
  if (items.length <= LONGEST) return items;
  const shown = items.slice(0, LONGEST - 1);
  return [...shown, t("{{number}} more", { number: items.length - shown.length })];
}

export const capitalised = (text: string, language: string) =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
