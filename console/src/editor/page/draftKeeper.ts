/**
 * Keeps a draft on the server while it is drawn: one request at a time, each at the version that was seen. What the server
 * does not have yet lies in the browser, so that neither a closed window nor a lost connection costs anything.
 */
import { isOutdated, isProblem } from "../../api/problem";
import type { SignatureEntry } from "../design/types";
import { forgetDraft, saveDraft } from "./draft";
import { same } from "./same";
import { deleteDraft, fetchDraft, putDraft, type ServerDraft } from "./serverDraft";

/** How the draft is kept, for people. */
export type Kept =
  | { state: "none" }
  | { state: "saving" }
  /** When, as an instant. */
  | { state: "saved"; at: string }
  /** In this browser alone; it is tried again. */
  | { state: "offline" }
  | { state: "refused"; why: string }
  /** Somebody else has saved another one meanwhile. */
  | { state: "conflict"; theirs: ServerDraft }
  /** Nowhere: this browser has no room. */
  | { state: "lost" };

export interface Wanted {
  entry: SignatureEntry;
  /** The published signature that it was begun from. */
  base: SignatureEntry;
  isNew: boolean;
}

export interface Where {
  tenant: string;
  signature: string;
  /** Whether this person's drafts are kept on the server. */
  mayKeep: boolean;
}

const TRY_AGAIN_AFTER = 5_000;

export class DraftKeeper {
  /** `undefined` until something is said. */
  private wanted: Wanted | null | undefined = undefined;
  private has: SignatureEntry | null;
  private version: string | null;
  /** Until it is decided whose draft stays, nothing is sent. */
  private isUndecided = false;
  private running: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly where: Where,
    known: ServerDraft | null,
    /** The version that the browser's own copy was made of; `undefined` without such a copy. */
    seen: string | null | undefined,
    private readonly tell: (kept: Kept) => void,
  ) {
    this.has = known?.entry ?? null;
    this.version = seen === undefined ? (known?.version ?? null) : seen;
  }

  /** This is the draft now. */
  keep(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    const { tenant, mayKeep } = this.where;
    if (this.has && same(this.has, wanted.entry)) return this.run();
    const copied = saveDraft(localStorage, tenant, { ...wanted, version: this.version });
    if (!mayKeep) this.tell(copied ? { state: "none" } : { state: "lost" });
    return this.run();
  }

  /** There is nothing to be kept: it is published, or was thrown away. */
  drop(): Promise<void> {
    this.wanted = null;
    this.isUndecided = false;
    forgetDraft(localStorage, this.where.tenant, this.where.signature);
    if (!this.version) this.tell({ state: "none" });
    return this.run();
  }

  /** Somebody else's draft was looked at; what is wanted goes over it. */
  overwrite(theirs: ServerDraft): Promise<void> {
    this.isUndecided = false;
    this.version = theirs.version;
    this.has = theirs.entry;
    return this.run();
  }

  /** Somebody else's draft is gone on with. */
  take(theirs: ServerDraft) {
    this.isUndecided = false;
    this.version = theirs.version;
    this.has = theirs.entry;
    this.wanted = undefined;
    forgetDraft(localStorage, this.where.tenant, this.where.signature);
    this.tell({ state: "saved", at: theirs.saved });
  }

  /** Tries at once what a lost connection has held up. */
  retry = () => void this.run();

  stop() {
    clearTimeout(this.timer);
  }

  private run(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.where.mayKeep || this.isUndecided) return Promise.resolve();
    this.running ??= this.work().finally(() => (this.running = null));
    return this.running;
  }

  private isSettled(): boolean {
    if (this.wanted === undefined) return true;
    if (this.wanted === null) return this.version === null;
    return this.has !== null && same(this.has, this.wanted.entry);
  }

  private async work(): Promise<void> {
    try {
      while (!this.isSettled()) {
        this.tell({ state: "saving" });
        await this.send(this.wanted ?? null);
      }
    } catch (error) {
      await this.failed(error);
    }
  }

  private async send(wanted: Wanted | null): Promise<void> {
    const { tenant, signature } = this.where;
    if (!wanted) {
      // One that somebody else has saved meanwhile is theirs, and stays.
      if (this.version) await deleteDraft(tenant, signature, this.version).catch(unlessOutdated);
      this.version = null;
      this.has = null;
      this.tell({ state: "none" });
      return;
    }
    const { entry, base, isNew } = wanted;
    this.version = await putDraft(tenant, { entry, base: isNew ? null : base }, this.version);
    this.has = entry;
    if (this.wanted === wanted) forgetDraft(localStorage, tenant, signature);
    this.tell({ state: "saved", at: new Date().toISOString() });
  }

  private async failed(error: unknown): Promise<void> {
    if (isOutdated(error)) {
      const theirs = await fetchDraft(this.where.tenant, this.where.signature).catch(() => undefined);
      if (theirs) {
        this.isUndecided = true;
        return this.tell({ state: "conflict", theirs });
      }
      // It was published or thrown away; what is drawn here becomes a draft anew.
      if (theirs === null) this.version = null;
      return this.later();
    }
    if (isProblem(error) && error.status < 500 && error.status !== 429) {
      return this.tell({ state: "refused", why: error.faults[0]?.detail ?? error.message });
    }
    this.later();
  }

  private later() {
    this.tell({ state: "offline" });
    this.timer = setTimeout(this.retry, TRY_AGAIN_AFTER);
  }
}

function unlessOutdated(error: unknown) {
  if (!isOutdated(error)) throw error;
}
