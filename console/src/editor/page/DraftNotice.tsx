/**
 * What others have said to the draft: that it waits to be published, or was sent back.
 */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { DraftSummary } from "../../api/tenant";
import { nameOfAuthor } from "../../signatures/draftInWords";

interface Props {
  draft: DraftSummary | undefined;
  mayPublish: boolean;
  onReview: () => void;
  onSendBack: () => void;
}

export function DraftNotice({ draft, mayPublish, onReview, onSendBack }: Props) {
  const { t } = useTranslation();
  if (!draft || draft.state === "open") return null;
  const name = nameOfAuthor(draft.state_who ?? draft.who);
  const note = draft.note ? `“${draft.note}”` : null;
  if (draft.state === "returned") {
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("{{name}} has sent this draft back", { name })}</MessageBarTitle>
          {note ?? t("Change it, and ask again.")}
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <MessageBar intent="info">
      <MessageBarBody>
        <MessageBarTitle>
          {mayPublish ? t("{{name}} asks you to publish this draft", { name }) : t("This draft waits to be published")}
        </MessageBarTitle>
        {note ?? (mayPublish ? t("Look at what it changes first.") : t("You can go on drawing meanwhile."))}
      </MessageBarBody>
      {mayPublish && (
        <MessageBarActions>
          <Button onClick={onReview}>{t("See what changes")}</Button>
          <Button onClick={onSendBack}>{t("Send back")}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
