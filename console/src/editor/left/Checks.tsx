/**
 * What is wrong, what will be seen badly, and what could be better; each leads to its block.
 */
import { Body1, Body1Strong, Button, Caption1, makeStyles, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircleRegular,
  ErrorCircleRegular,
  InfoRegular,
  WarningRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { dataOf, useCanvas, useCanvasActions } from "../canvas/puck";
import { blockName } from "../design/blockNames";
import { faultInWords } from "../design/faults";
import { everyItem, itemAt } from "../design/places";
import { adviceOf, titleOf, type Severity } from "../lint/findings";
import { useJudgement } from "../lint/judgement";

const ICONS: Record<Severity, { icon: FluentIcon; colour: string; name: string }> = {
  error: { icon: ErrorCircleRegular, colour: tokens.colorStatusDangerForeground1, name: "Error" },
  warning: { icon: WarningRegular, colour: tokens.colorStatusWarningForeground1, name: "Warning" },
  advice: { icon: InfoRegular, colour: tokens.colorNeutralForeground3, name: "Advice" },
};

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: "8px", display: "flex", flexDirection: "column", gap: "4px" },
  finding: {
    display: "flex",
    alignItems: "flex-start",
    justifyContent: "flex-start",
    gap: "10px",
    width: "100%",
    padding: "10px",
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
  },
  icon: { fontSize: "20px", display: "flex", flexShrink: 0 },
  words: { display: "flex", flexDirection: "column", gap: "2px", minWidth: 0, overflowWrap: "anywhere" },
  advice: { color: tokens.colorNeutralForeground2 },
  fine: {
    padding: "32px 24px",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: "8px",
    textAlign: "center",
  },
  well: { fontSize: "32px", color: tokens.colorStatusSuccessForeground1 },
});

interface Props {
  /** Leads to a place outside of the design. */
  onElsewhere: () => void;
}

export function Checks({ onElsewhere }: Props) {
  const { findings, faults } = useJudgement();
  const { t } = useTranslation();
  const styles = useStyles();
  if (findings.length + faults.length === 0) {
    return (
      <div className={styles.fine}>
        <CheckmarkCircleRegular className={styles.well} aria-hidden />
        <Body1Strong>{t("Nothing to improve")}</Body1Strong>
        <Body1 className={styles.advice}>{t("Outlook, Gmail, phones and dark mode will show it well.")}</Body1>
      </div>
    );
  }
  return (
    <ul className={styles.list}>
      {faults.map((fault) => (
        <li key={fault.place + fault.detail}>
          <Entry
            severity="error"
            title={faultInWords(fault)}
            advice={t("It cannot be published so.")}
            place={fault.place}
            onElsewhere={onElsewhere}
          />
        </li>
      ))}
      {findings.map((finding, at) => (
        <li key={at}>
          <Entry
            severity={finding.severity}
            title={titleOf(finding, t)}
            advice={adviceOf(finding, t)}
            place={finding.place}
            onElsewhere={onElsewhere}
          />
        </li>
      ))}
    </ul>
  );
}

interface EntryProps {
  severity: Severity;
  title: string;
  advice: string;
  place: string | null;
  onElsewhere: () => void;
}

function Entry({ severity, title, advice, place, onElsewhere }: EntryProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const data = useCanvas(dataOf);
  const { choose } = useCanvasActions();
  const { icon: Icon, colour, name } = ICONS[severity];
  const found = place === null ? null : itemAt(data, place);
  const item = everyItem(data).find((one) => one.item.props.id === found?.id)?.item;
  return (
    <Button
      appearance="subtle"
      className={styles.finding}
      onClick={() => (found || place === null ? choose(found?.id ?? null) : onElsewhere())}
    >
      <span className={styles.icon} style={{ color: colour }}>
        <Icon aria-label={t(name)} />
      </span>
      <span className={styles.words}>
        {item && <Caption1 className={styles.advice}>{t(blockName(item.type).name)}</Caption1>}
        <Body1Strong>{title}</Body1Strong>
        <Caption1 className={styles.advice}>{advice}</Caption1>
      </span>
    </Button>
  );
}
