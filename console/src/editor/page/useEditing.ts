/**
 * What is edited, beside what is published: the working copy, whether it differs, and the draft that is kept of it.
 */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Design, SignatureEntry } from "../design/types";
import { useDebounced } from "../../components/useDebounced";
import { fateOf, forgetDraft, loadDraft, saveDraft } from "./draft";
import { same } from "./same";

export interface Published {
  entry: SignatureEntry;
  /** At which the next change is made. */
  revision: string;
}

const KEPT_AFTER = 500;

export function useEditing(tenant: string, loaded: Published) {
  const [published, setPublished] = useState(loaded);
  const [begun] = useState(() => {
    const draft = loadDraft(localStorage, tenant, loaded.entry.id);
    return { draft, fate: fateOf(draft, loaded.entry) };
  });
  const [entry, setEntry] = useState(
    begun.fate === "resume" ? withSwitch(begun.draft!.entry, loaded.entry) : loaded.entry,
  );
  /** A draft that somebody else has overtaken; until it is decided about, it is kept. */
  const [outdated, setOutdated] = useState(begun.fate === "outdated" ? begun.draft : null);
  /** The canvas begins anew with each; its history with it. */
  const [edition, setEdition] = useState(0);
  const [kept, setKept] = useState(true);

  const isDraft = useMemo(() => !same(entry, published.entry), [entry, published.entry]);
  const settled = useDebounced(entry, KEPT_AFTER);

  useEffect(() => {
    if (outdated) return;
    if (same(settled, published.entry)) {
      forgetDraft(localStorage, tenant, settled.id);
      setKept(true);
    } else {
      setKept(saveDraft(localStorage, tenant, { entry: settled, base: published.entry }));
    }
  }, [settled, published.entry, tenant, outdated]);

  const change = useCallback((keys: Partial<SignatureEntry>) => setEntry((now) => ({ ...now, ...keys })), []);
  const setDesign = useCallback((design: Design) => change({ design }), [change]);

  /** Begins anew from a signature. */
  const load = useCallback((from: SignatureEntry) => {
    setEntry(from);
    setOutdated(null);
    setEdition((now) => now + 1);
  }, []);

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
    outdated,
    setOutdated,
    edition,
    load,
    switched,
  };
}

export type Editing = ReturnType<typeof useEditing>;

/** A draft does not know whether its signature was switched meanwhile. */
function withSwitch(draft: SignatureEntry, published: SignatureEntry): SignatureEntry {
  return { ...draft, enabled: published.enabled };
}
