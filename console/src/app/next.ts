/**
 * Where a person goes after signing in: the page they wanted, if it is one of this console's own.
 */

/** The wanted path, or `/`. An address of another site, in whatever spelling, is never followed. */
export function wantedPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  const url = parse(next);
  return url && url.origin === window.location.origin ? url.pathname + url.search + url.hash : "/";
}

function parse(path: string): URL | null {
  try {
    return new URL(path, window.location.origin);
  } catch {
    return null;
  }
}
