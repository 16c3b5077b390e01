/**
 * What may stand before the editor: the history, what the draft changes, two drafts of one signature, and the words that
 * go with asking and sending back.
 */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { NoteDialog } from "../../components/NoteDialog";
import type { DraftReview } from "./useDraftReview";
import type { Editing } from "./useEditing";

const HistoryDrawer = lazy(() => import("../../signatures/HistoryDrawer"));
const ReviewDialog = lazy(() => import("./ReviewDialog"));
const DraftConflictDialog = lazy(() => import("./DraftConflictDialog"));

export type Before = "history" | "review" | "conflict" | "asking" | "sending back" | null;

interface Props {
  before: Before;
  onBefore: (before: Before) => void;
  editing: Editing;
  review: DraftReview;
  mayPublish: boolean;
  onPublish: () => void;
  onRestored: () => void;
}

export function EditorDialogs({ before, onBefore, editing, review, mayPublish, onPublish, onRestored }: Props) {
  const { t } = useTranslation();
  const { entry, kept } = editing;
  const close = () => onBefore(null);
  const then = (act: () => void) => () => {
    act();
    close();
  };
  return (
    <>
      <Suspense>
        {before === "history" && <HistoryDrawer signature={entry.id} onClose={close} onRestored={onRestored} />}
        {before === "review" && (
          <ReviewDialog
            editing={editing}
            mayPublish={mayPublish}
            onPublish={onPublish}
            onSendBack={review.draft?.state === "waiting" ? () => onBefore("sending back") : null}
            onClose={close}
          />
        )}
        {before === "conflict" && kept.state === "conflict" && (
          <DraftConflictDialog
            theirs={kept.theirs}
            mine={entry}
            onTheirs={then(() => editing.takeTheirs(kept.theirs))}
            onMine={then(() => editing.keepMine(kept.theirs))}
            onClose={close}
          />
        )}
      </Suspense>
      {before === "asking" && (
        <NoteDialog
          title={t("Ask for publishing")}
          lead={t("Whoever may publish sees in the list that this draft waits. You can go on drawing meanwhile.")}
          label={t("A word to it")}
          action={t("Ask")}
          busy={review.isMarking}
          onDone={(note) => then(() => review.mark({ state: "waiting", note, first: editing.save }))()}
          onClose={close}
        />
      )}
      {before === "sending back" && (
        <NoteDialog
          title={t("Send the draft back")}
          lead={t("It stays as it is, and is marked as sent back.")}
          label={t("What is to be changed")}
          action={t("Send back")}
          required
          busy={review.isMarking}
          onDone={(note) => then(() => review.mark({ state: "returned", note }))()}
          onClose={close}
        />
      )}
    </>
  );
}
