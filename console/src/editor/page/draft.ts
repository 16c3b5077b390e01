/**
 * What was edited and is not published yet, kept in this browser so that nothing is lost when it closes.
 *
 * A draft remembers what it began from: when somebody else has published meanwhile, that is noticed.
 */
import type { SignatureEntry } from "../design/types";
import { same } from "./same";

export interface Draft {
  entry: SignatureEntry;
  /** The published signature that was changed. */
  base: SignatureEntry;
  /** When, as an instant. */
  saved: string;
}

type Keeper = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const keyOf = (tenant: string, signature: string) => `signet.draft.${tenant}.${signature}`;

export function loadDraft(keeper: Keeper, tenant: string, signature: string): Draft | null {
  try {
    const draft = JSON.parse(keeper.getItem(keyOf(tenant, signature)) ?? "null") as Draft | null;
    const whole = Array.isArray(draft?.entry?.design?.blocks) && Array.isArray(draft.base?.design?.blocks);
    return whole ? draft : null;
  } catch {
    return null;
  }
}

/** False when the browser has no room for it, or keeps nothing. */
export function saveDraft(keeper: Keeper, tenant: string, { entry, base }: Omit<Draft, "saved">): boolean {
  try {
    keeper.setItem(keyOf(tenant, entry.id), JSON.stringify({ entry, base, saved: new Date().toISOString() }));
    return true;
  } catch {
    return false;
  }
}

export function forgetDraft(keeper: Keeper, tenant: string, signature: string) {
  keeper.removeItem(keyOf(tenant, signature));
}

/** What becomes of a draft beside what is published now. */
export function fateOf(draft: Draft | null, published: SignatureEntry): "none" | "resume" | "outdated" {
  if (!draft || same(draft.entry, published)) return "none";
  return same({ ...draft.base, enabled: published.enabled }, published) ? "resume" : "outdated";
}
