/**
 * For which tenant consent was asked at Microsoft: the browser comes back with a word that says which request it
 * answers, and this browser remembers whose that was, for as long as the link is good.
 */

interface Asked {
  tenant: string;
  /** Unix time in milliseconds. */
  until: number;
  /** The answer was taken: when the page is loaded again it is not given a second time. */
  given?: boolean;
}

const KEY = "signet.consent";
const GOOD_MS = 60 * 60 * 1000;

/** Remembers whose request the link is. */
export function rememberConsent(link: string, tenant: string, now = Date.now()) {
  const state = new URL(link).searchParams.get("state");
  if (state) keep(kept(now).set(state, { tenant, until: now + GOOD_MS }));
}

/** Whose request this is the answer to, by the query of the address; nothing if this browser did not ask. */
export function consentAsked(search: string, now = Date.now()): Asked | undefined {
  return kept(now).get(stateOf(search));
}

/** The answer was taken. */
export function consentGiven(search: string, now = Date.now()) {
  const all = kept(now);
  const asked = all.get(stateOf(search));
  if (asked) keep(all.set(stateOf(search), { ...asked, given: true }));
}

const stateOf = (search: string) => new URLSearchParams(search).get("state") ?? "";

/** What is remembered and still good. A browser that keeps nothing remembers nothing. */
function kept(now: number): Map<string, Asked> {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, Asked>;
    return new Map(Object.entries(all).filter(([, { until }]) => until > now));
  } catch {
    return new Map();
  }
}

function keep(all: Map<string, Asked>) {
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all)));
  } catch {
    // The page that Microsoft leads back to then says what to do.
  }
}
