/** How a number has changed against the time before. */

/** Per cent, rounded; undefined where there was nothing before. */
export function changeOf(now: number, before: number): number | undefined {
  if (before === 0) return undefined;
  return Math.round(((now - before) / before) * 100);
}

/** A share of a whole in per cent: two digits as long as it is small. */
export function shareOf(part: number, whole: number, language: string): string {
  const share = whole === 0 ? 0 : part / whole;
  return share.toLocaleString(language, { style: "percent", maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 });
}
