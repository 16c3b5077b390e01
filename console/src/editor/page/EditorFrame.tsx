/**
 * The page of the editor: the bar above, the design or who gets it below, and the dialogs between.
 */
import { makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRouter } from "@tanstack/react-router";
import { nameOfPerson } from "../../api/names";
import { isProblem } from "../../api/problem";
import { useTenant } from "../../api/session";
import { useToasts } from "../../components/toasts";
import { SkipLink } from "../../shell/SkipLink";
import { useCanvasActions } from "../canvas/puck";
import { picturesOf } from "../design/walk";
import type { PersonEntry } from "../design/types";
import { useImages } from "../../pictures/useImages";
import { JudgementContext } from "../lint/judgement";
import { lint } from "../lint/lint";
import { usePreview } from "../preview/usePreview";
import { WhoGetsIt } from "../rules/WhoGetsIt";
import { DraftNotice } from "./DraftNotice";
import { EditorDialogs, type Before } from "./EditorDialogs";
import { Notices } from "./Notices";
import { OutdatedDialog } from "./OutdatedDialog";
import { OvertakenDialog } from "./OvertakenDialog";
import { TopBar } from "./TopBar";
import { fetchSignature, usePublishing } from "./usePublishing";
import { useDraftReview } from "./useDraftReview";
import { useSignatureActions } from "./useSignatureActions";
import type { Editing } from "./useEditing";
import { Workbench, type LeftTab } from "./Workbench";

const useStyles = makeStyles({
  frame: { height: "100%", display: "flex", flexDirection: "column", backgroundColor: tokens.colorNeutralBackground1 },
  main: { flexGrow: 1, minHeight: 0, display: "flex", flexDirection: "column", outlineStyle: "none" },
  tabs: { padding: "0 12px", borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, flexShrink: 0 },
});

type Part = "design" | "rules";

interface Props {
  editing: Editing;
  person: PersonEntry | null;
  onPerson: (person: PersonEntry) => void;
}

export function EditorFrame({ editing, person, onPerson }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const toast = useToasts();
  const { id: tenant, may } = useTenant();
  const { choose } = useCanvasActions();
  const { entry, published, change, load } = editing;
  const [part, setPart] = useState<Part>("design");
  const [left, setLeft] = useState<LeftTab>("blocks");
  const [before, setBefore] = useState<Before>(null);
  const mayPublish = may("signatures:write");
  const mayEdit = mayPublish || may("drafts:write");
  const router = useRouter();
  const review = useDraftReview(tenant, entry.id);

  const { turn, isTurning, copy } = useSignatureActions(tenant, editing.switched);
  const { publish, isPublishing, faults, setFaults, theirs, setTheirs } = usePublishing(tenant, {
    entry,
    base: published,
    isHeld: isTurning,
    onPublished: (now) => {
      editing.setPublished(now);
      setBefore(null);
      toast({ title: t("Published"), body: t("Mail is signed with it from now on, if it is switched on.") });
    },
    onFailed: (error) => {
      if (isProblem(error) && error.status === 422) return;
      toast({ intent: "error", title: t("It was not published"), body: error instanceof Error ? error.message : "" });
    },
  });

  /** The keys of the canvas, such as Delete, mean nothing where it is not shown. */
  const show = (to: Part) => {
    choose(null);
    setPart(to);
  };
  const takeTheirs = () => {
    if (!theirs) return;
    editing.setPublished(theirs);
    load(theirs.entry);
    setTheirs(null);
  };
  const readAnew = async () => {
    const now = await fetchSignature(tenant, entry.id);
    editing.setPublished(now);
    load(now.entry);
  };

  const discard = async () => {
    await editing.discard();
    review.refresh();
    if (published.isNew) void router.navigate({ to: "/t/$tenant/signatures", params: { tenant } });
  };
  const { state } = editing.kept;
  const { refresh } = review;
  useEffect(() => {
    if (state === "saved" || state === "none") refresh();
    if (state === "conflict") setBefore("conflict");
  }, [state]);

  useKeys(() =>
    toast({ title: t("The draft is kept"), body: t("It is kept as you type. Publish it to sign mail with it.") }),
  );
  useEffect(() => setFaults((now) => (now.length > 0 ? [] : now)), [entry, setFaults]);

  const findings = useFindings(tenant, editing, person);
  const judgement = useMemo(() => ({ findings, faults }), [findings, faults]);
  const preview = usePreview(tenant, entry, person?.id, "embedded");
  return (
    <div className={styles.frame}>
      <SkipLink />
      <header>
        <TopBar
          name={entry.name ?? ""}
          onName={(name) => change({ name })}
          enabled={entry.enabled ?? false}
          onEnabled={(enabled) => turn(entry.id, enabled)}
          isDraft={editing.isDraft}
          kept={editing.kept}
          isNew={published.isNew ?? false}
          isWaiting={editing.isDraft && review.draft?.state === "waiting"}
          mayEdit={mayEdit}
          mayPublish={mayPublish}
          isPublishing={isPublishing}
          onPublish={publish}
          onAsk={() => setBefore("asking")}
          onTakeBack={() => review.mark({ state: "open" })}
          onReview={() => setBefore("review")}
          onHistory={() => setBefore("history")}
          onDiscard={() => void discard()}
          onCopy={() => copy(entry)}
        />
        <Notices
          kept={editing.kept}
          onShowConflict={() => setBefore("conflict")}
          faults={faults}
          onShowFaults={() => {
            show(faults[0]?.place.startsWith("/design") ? "design" : "rules");
            setLeft("checks");
          }}
        />
        {editing.isDraft && (
          <DraftNotice
            draft={review.draft}
            mayPublish={mayPublish}
            onReview={() => setBefore("review")}
            onSendBack={() => setBefore("sending back")}
          />
        )}
        <TabList
          className={styles.tabs}
          aria-label={t("Parts of the signature")}
          selectedValue={part}
          onTabSelect={(_, { value }) => show(value as Part)}
        >
          <Tab value="design">{t("Design")}</Tab>
          <Tab value="rules">{t("Who gets it")}</Tab>
        </TabList>
      </header>
      <main id="page" tabIndex={-1} className={styles.main}>
        {part === "design" ? (
          <JudgementContext value={judgement}>
            <Workbench
              tab={left}
              onTab={setLeft}
              onElsewhere={() => show("rules")}
              person={person}
              onPerson={onPerson}
              rendered={preview.data}
              error={preview.error}
              isFetching={preview.isFetching}
              mayWrite={mayEdit}
            />
          </JudgementContext>
        ) : (
          <WhoGetsIt entry={entry} onChange={change} faults={faults} mayWrite={mayEdit} />
        )}
      </main>
      {editing.outdated && (
        <OutdatedDialog
          saved={editing.outdated.saved}
          onDraft={() => load({ ...editing.outdated!.entry, enabled: published.entry.enabled })}
          onDiscard={() => editing.setOutdated(null)}
        />
      )}
      {theirs && <OvertakenDialog onTheirs={takeTheirs} onCopy={() => copy(entry)} onClose={() => setTheirs(null)} />}
      <EditorDialogs
        before={before}
        onBefore={setBefore}
        editing={editing}
        review={review}
        mayPublish={mayPublish}
        onPublish={publish}
        onRestored={() => void readAnew()}
      />
    </div>
  );
}

/** The checks judge what is mailed: with linked pictures where they are to be linked. */
function useFindings(tenant: string, { entry }: Editing, person: PersonEntry | null) {
  const { data: images = [] } = useImages(tenant);
  const hasPictures = useMemo(() => picturesOf(entry.design).length > 0, [entry.design]);
  const isHosted = entry.images === "hosted" && hasPictures;
  const mailed = usePreview(tenant, entry, person?.id, isHosted ? "hosted" : "embedded");
  return useMemo(
    () => lint({ entry, rendered: mailed.data ?? null, person: person ? nameOfPerson(person) : "", images }),
    [entry, mailed.data, person, images],
  );
}

/** Ctrl+S is for the draft, not for the browser to save the page; Ctrl+I is not for Puck, which has another mode behind it. */
function useKeys(onSave: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      const key = event.key.toLowerCase();
      const isInText = event.target instanceof Element && event.target.closest(".merge-text") !== null;
      if (key === "i" && !isInText) event.stopPropagation();
      if (key !== "s") return;
      event.preventDefault();
      onSave();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  });
}
