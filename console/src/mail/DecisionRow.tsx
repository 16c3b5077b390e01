/**
 * One message: from whom to whom, what became of it; opened, all that is recorded about it.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ChevronDown20Regular, ChevronRight20Regular } from "@fluentui/react-icons";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { DecisionDetails } from "./DecisionDetails";
import { OutcomeBadge } from "./OutcomeBadge";
import { nextInWords, outcomeOf, type Decision } from "./outcome";
import { leftInWords, sharesOf } from "./shares";

const useStyles = makeStyles({
  card: {
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  line: {
    display: "grid",
    gridTemplateColumns: "auto 140px minmax(0, 1fr) auto",
    alignItems: "center",
    gap: "4px 12px",
    padding: "10px 16px 10px 8px",
    "@media (max-width: 640px)": { gridTemplateColumns: "auto minmax(0, 1fr) auto" },
  },
  time: { color: tokens.colorNeutralForeground2, "@media (max-width: 640px)": { display: "none" } },
  words: { display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  decision: Decision;
  signatureNames: Map<string, string>;
}

export function DecisionRow({ decision, signatureNames }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const details = useId();
  const outcome = outcomeOf(decision);
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "short", timeStyle: "medium" });
  const what = t("{{sender}} to {{recipients}}", {
    sender: decision.sender || t("nobody (a report)"),
    recipients: decision.recipients.join(", "),
  });
  const nameOf = (id: string) => signatureNames.get(id) ?? id;
  const why =
    nextInWords(outcome.kind, t) ??
    (outcome.kind === "signed"
      ? outcome.signatures.map(nameOf).join(", ")
      : leftInWords(outcome.reasons, outcome.wouldBe, nameOf, t));
  return (
    <li className={styles.card}>
      <div className={styles.line}>
        <Button
          appearance="subtle"
          size="small"
          icon={open ? <ChevronDown20Regular /> : <ChevronRight20Regular />}
          aria-expanded={open}
          aria-controls={details}
          aria-label={t("Details of the message from {{sender}}", decision)}
          onClick={() => setOpen(!open)}
        />
        <Text size={200} className={styles.time}>
          {moment.format(new Date(decision.time))}
        </Text>
        <span className={styles.words}>
          <Text>{what}</Text>
          {why && (
            <Text size={200} className={styles.quiet}>
              {why}
            </Text>
          )}
        </span>
        <OutcomeBadge kind={outcome.kind} />
      </div>
      <div id={details}>{open && <DecisionDetails decision={decision} shares={sharesOf(decision, nameOf, t)} />}</div>
    </li>
  );
}
