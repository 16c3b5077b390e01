/**
 * What the checks and the server say of the block that is chosen, above its form.
 */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { adviceOf, titleOf, type Severity } from "../lint/findings";
import { useJudgementOf } from "../lint/judgement";

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", gap: "8px", padding: "12px 16px 0" },
});

const INTENTS: Record<Severity, "error" | "warning" | "info"> = { error: "error", warning: "warning", advice: "info" };

export function Remarks({ id }: { id: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { findings, faults } = useJudgementOf(id);
  if (findings.length + faults.length === 0) return null;
  return (
    <div className={styles.list}>
      {faults.map(({ place, detail }) => (
        <MessageBar key={place + detail} intent="error" layout="multiline">
          <MessageBarBody>{detail}</MessageBarBody>
        </MessageBar>
      ))}
      {findings.map((finding) => (
        <MessageBar key={finding.kind + finding.place} intent={INTENTS[finding.severity]} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{titleOf(finding, t)}</MessageBarTitle>
            {adviceOf(finding, t)}
          </MessageBarBody>
        </MessageBar>
      ))}
    </div>
  );
}
