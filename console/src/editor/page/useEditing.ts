/**
 * What is edited, beside what is published: the working copy, whether it differs, and the draft that is kept of it.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useDebounced } from "../../components/useDebounced";
import type { Design, SignatureEntry } from "../design/types";
import { fateOf, loadDraft, type Draft } from "./draft";
import { DraftKeeper, type Kept } from "./draftKeeper";
import { same } from "./same";
import type { ServerDraft } from "./serverDraft";

export interface Published {
  entry: SignatureEntry;
  /** At which the next change is made. */
  revision: string;
  /** A proposal: there is no such signature yet, and `entry` is what everything begins from. */
  isNew?: boolean;
}

/** What the editor begins with. */
export interface Opened {
  published: Published;
  draft: ServerDraft | null;
}

const KEPT_AFTER = 500;

export function useEditing(tenant: string, opened: Opened, mayKeep: boolean) {
  const [published, setPublished] = useState(opened.published);
  const [begun] = useState(() => beginning(tenant, opened));
  const [entry, setEntry] = useState(
    begun.fate === "resume" ? withSwitch(begun.draft!.entry, opened.published.entry) : opened.published.entry,
  );
  /** A draft that somebody else has overtaken; until it is decided about, it is kept. */
  const [outdated, setOutdated] = useState(begun.fate === "outdated" ? begun.draft : null);
  /** The canvas begins anew with each; its history with it. */
  const [edition, setEdition] = useState(0);
  const [kept, setKept] = useState<Kept>(
    opened.draft && !begun.isOwn ? { state: "saved", at: opened.draft.saved } : { state: "none" },
  );
  const signature = opened.published.entry.id;
  const [keeper] = useState(
    () =>
      new DraftKeeper(
        { tenant, signature, mayKeep },
        opened.draft,
        begun.isOwn ? (begun.draft!.version ?? null) : undefined,
        setKept,
      ),
  );

  const isDraft = useMemo(() => !same(entry, published.entry), [entry, published.entry]);
  const settled = useDebounced(entry, KEPT_AFTER);
  const latest = useRef({ entry, published, outdated });
  latest.current = { entry, published, outdated };

  useEffect(() => {
    if (outdated) return;
    if (same(settled, published.entry)) void keeper.drop();
    else void keeper.keep({ entry: settled, base: published.entry, isNew: published.isNew ?? false });
  }, [settled, published, keeper, outdated]);

  useEffect(() => {
    window.addEventListener("online", keeper.retry);
    return () => {
      window.removeEventListener("online", keeper.retry);
      keeper.stop();
      const { entry: last, published: then, outdated: undecided } = latest.current;
      // What was typed in the last moment too.
      if (!undecided && !same(last, then.entry)) {
        void keeper.keep({ entry: last, base: then.entry, isNew: then.isNew ?? false });
      }
    };
  }, [keeper]);

  const change = useCallback((keys: Partial<SignatureEntry>) => setEntry((now) => ({ ...now, ...keys })), []);
  const setDesign = useCallback((design: Design) => change({ design }), [change]);

  /** Begins anew from a signature. */
  const load = useCallback((from: SignatureEntry) => {
    setEntry(from);
    setOutdated(null);
    setEdition((now) => now + 1);
  }, []);

  /** The draft is thrown away. */
  const discard = useCallback(async () => {
    load(published.entry);
    await keeper.drop();
  }, [keeper, load, published]);

  /** Of two drafts the one of somebody else is gone on with. */
  const takeTheirs = useCallback(
    (theirs: ServerDraft) => {
      keeper.take(theirs);
      load(withSwitch(theirs.entry, published.entry));
    },
    [keeper, load, published],
  );

  /** It was switched on or off, whatever the draft is. */
  const switched = useCallback((enabled: boolean, revision: string) => {
    setPublished(({ entry: was }) => ({ entry: { ...was, enabled }, revision }));
    setEntry((now) => ({ ...now, enabled }));
  }, []);

  return {
    published,
    setPublished,
    entry,
    change,
    setDesign,
    isDraft,
    kept,
    keepMine: (theirs: ServerDraft) => void keeper.overwrite(theirs),
    takeTheirs,
    /** Once the server has the draft as it is. */
    save: () => keeper.keep({ entry, base: published.entry, isNew: published.isNew ?? false }),
    discard,
    outdated,
    setOutdated,
    edition,
    load,
    switched,
  };
}

export type Editing = ReturnType<typeof useEditing>;

/** The browser's own copy first: it is there only while the server does not have it. */
function beginning(tenant: string, { published, draft }: Opened) {
  const own = loadDraft(localStorage, tenant, published.entry.id);
  const kept: Draft | null = draft && { entry: draft.entry, base: draft.base ?? published.entry, saved: draft.saved };
  const begun = own ?? kept;
  return { draft: begun, isOwn: own !== null, fate: fateOf(begun, published.entry) };
}

/** A draft does not know whether its signature was switched meanwhile. */
function withSwitch(draft: SignatureEntry, published: SignatureEntry): SignatureEntry {
  return { ...draft, enabled: published.enabled };
}
