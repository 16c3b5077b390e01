/** Addresses from a text in which they stand as people write them: by commas, semicolons, blanks or lines, with names. */
export function addressesIn(text: string): string[] {
  const found = text.match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? [];
  return [...new Set(found)];
}
