/**
 * One check: what came of it, what was found, and what to do, with what has to be taken over exactly to copy.
 */
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircle20Filled,
  ErrorCircle20Filled,
  QuestionCircle20Regular,
  Warning20Filled,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { checkTitle, outcomeInWords, outcomeOf, recordIn } from "./checkWords";
import { CopyButton, CopyLines } from "./copying";
import type { MailFlowCheck } from "./queries";

const SIGNS = {
  good: CheckmarkCircle20Filled,
  warning: Warning20Filled,
  failed: ErrorCircle20Filled,
  unknown: QuestionCircle20Regular,
};

const useStyles = makeStyles({
  row: {
    display: "grid",
    gridTemplateColumns: "20px minmax(0, 1fr)",
    gap: "4px 14px",
    padding: "14px 0",
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  sign: { marginTop: "1px" },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
  words: { display: "flex", flexDirection: "column", gap: "4px", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
  advice: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: "12px" },
  record: { display: "flex", flexDirection: "column", gap: "8px", paddingTop: "4px" },
});

export function CheckRow({ check }: { check: MailFlowCheck }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const outcome = outcomeOf(check);
  const Sign = SIGNS[outcome];
  return (
    <li className={styles.row}>
      <Sign className={mergeClasses(styles.sign, styles[outcome])} aria-label={outcomeInWords(outcome, t)} role="img" />
      <div className={styles.words}>
        <Text weight="semibold">{checkTitle(check, t)}</Text>
        <Text className={styles.quiet}>{check.found}</Text>
        {check.advice && <Advice advice={check.advice} />}
      </div>
    </li>
  );
}

function Advice({ advice }: { advice: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const record = recordIn(advice);
  if (!record) {
    return (
      <div className={styles.advice}>
        <Text>{advice}</Text>
        <CopyButton text={advice} label={t("Copy what to do")} />
      </div>
    );
  }
  return (
    <div className={styles.record}>
      <Text>{t("Set this record in DNS:")}</Text>
      <CopyLines
        lines={[
          { name: t("Type"), value: record.kind },
          { name: t("Name"), value: record.name, copy: t("Copy the name") },
          { name: t("Value"), value: record.value, copy: t("Copy the value") },
        ]}
      />
    </div>
  );
}
