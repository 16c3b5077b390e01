/**
 * What one has to know before going on: a draft that was overtaken, a draft that cannot be kept, what was refused.
 */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Fault } from "../design/types";
import type { Draft } from "./draft";
import type { Editing } from "./useEditing";

interface Props {
  editing: Editing;
  faults: Fault[];
  onShowFaults: () => void;
}

export function Notices({ editing, faults, onShowFaults }: Props) {
  const { t } = useTranslation();
  const { outdated, kept } = editing;
  return (
    <div role="status">
      {outdated && <OutdatedDraft draft={outdated} editing={editing} />}
      {!kept && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("The draft is not kept")}</MessageBarTitle>
            {t("This browser has no room for it. Publish before you leave the page.")}
          </MessageBarBody>
        </MessageBar>
      )}
      {faults.length > 0 && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>
            <MessageBarTitle>{t("It was not published")}</MessageBarTitle>
            {faults[0]?.detail}
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={onShowFaults}>{t("Show where")}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </div>
  );
}

function OutdatedDraft({ draft, editing }: { draft: Draft; editing: Editing }) {
  const { t, i18n } = useTranslation();
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(draft.saved));
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t("You have a draft of {{when}}", { when })}</MessageBarTitle>
        {t("Somebody has published another version since. What is published is shown; your draft is kept until you decide.")}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => editing.load({ ...draft.entry, enabled: editing.published.entry.enabled })}>{t("Go on with the draft")}</Button>
        <Button onClick={() => editing.setOutdated(null)}>{t("Discard it")}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
