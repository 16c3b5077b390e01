/**
 * What was edited and is not published yet, as this browser keeps it until the server has it: nothing is lost when the
 * window closes or the connection is gone.
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
  /** The server's draft that was gone on with; null: there was none. */
  version?: string | null;
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
export function saveDraft(keeper: Keeper, tenant: string, { entry, base, version }: Omit<Draft, "saved">): boolean {
  try {
    const draft: Draft = { entry, base, version, saved: new Date().toISOString() };
    keeper.setItem(keyOf(tenant, entry.id), JSON.stringify(draft));
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
