/**
 * What one has to know before going on: that the draft cannot be kept, and what was refused.
 */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { faultInWords } from "../design/faults";
import type { Fault } from "../design/types";

interface Props {
  /** Whether the browser keeps the draft. */
  kept: boolean;
  faults: Fault[];
  onShowFaults: () => void;
}

export function Notices({ kept, faults, onShowFaults }: Props) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {!kept && (
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
