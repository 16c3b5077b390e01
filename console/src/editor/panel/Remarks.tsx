/**
 * What is wrong with the block that is chosen, above its form. Mere advice stands among the checks.
 */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { faultInWords } from "../design/faults";
import { adviceOf, titleOf } from "../lint/findings";
import { useJudgementOf } from "../lint/judgement";

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", gap: "8px", padding: "12px 16px 0" },
});

export function Remarks({ id }: { id: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { findings: all, faults } = useJudgementOf(id);
  const findings = all.filter(({ severity }) => severity !== "advice");
  if (findings.length + faults.length === 0) return null;
  return (
    <div className={styles.list}>
      {faults.map((fault) => (
        <MessageBar key={fault.place + fault.detail} intent="error" layout="multiline">
          <MessageBarBody>{faultInWords(fault)}</MessageBarBody>
        </MessageBar>
      ))}
      {findings.map((finding) => (
        <MessageBar
          key={finding.kind + finding.place}
          intent={finding.severity === "error" ? "error" : "warning"}
          layout="multiline"
        >
          <MessageBarBody>
            <MessageBarTitle>{titleOf(finding, t)}</MessageBarTitle>
            {adviceOf(finding, t)}
          </MessageBarBody>
        </MessageBar>
      ))}
    </div>
  );
}
