/**
 * What one has to know before going on: that the draft cannot be kept, and what was refused.
 */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { faultInWords } from "../design/faults";
import type { Fault } from "../design/types";
import type { Kept } from "./draftKeeper";

interface Props {
  kept: Kept;
  /** Both drafts are to be looked at. */
  onShowConflict: () => void;
  faults: Fault[];
  onShowFaults: () => void;
}

export function Notices({ kept, onShowConflict, faults, onShowFaults }: Props) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {kept.state === "conflict" && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("Somebody else has saved this draft too")}</MessageBarTitle>
            {t("Yours is kept in this browser until you have decided.")}
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={onShowConflict}>{t("Look at both")}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {kept.state === "refused" && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("The draft is kept in this browser alone")}</MessageBarTitle>
            {t("The server does not take it: {{why}}.", { why: kept.why.replace(/\.$/, "") })}
          </MessageBarBody>
        </MessageBar>
      )}
      {kept.state === "lost" && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("The draft is not kept")}</MessageBarTitle>
            {t("This browser has no room for it. Publish before you leave the page.")}
          </MessageBarBody>
        </MessageBar>
      )}
      {faults.length > 0 && (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>
            <MessageBarTitle>{t("It was not published")}</MessageBarTitle>
            {faults[0] && faultInWords(faults[0])}
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={onShowFaults}>{t("Show where")}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </div>
  );
}
