/**
 * One act of the audit log; opened, what it was before and after.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ChevronDown20Regular, ChevronRight20Regular } from "@fluentui/react-icons";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { actInWords } from "./actInWords";
import { authorOf } from "./filter";

const useStyles = makeStyles({
  card: {
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  line: { display: "flex", alignItems: "center", gap: "12px", padding: "10px 16px 10px 8px" },
  words: { display: "flex", flexDirection: "column", overflowWrap: "anywhere", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  sides: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(320px, 100%), 1fr))",
    gap: "16px",
    padding: "4px 16px 16px 52px",
    "@media (max-width: 640px)": { paddingLeft: "16px" },
  },
  facts: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    gap: "6px 24px",
    margin: 0,
    padding: "4px 16px 12px 52px",
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)", gap: "2px", paddingLeft: "16px" },
  },
  actions: { padding: "0 16px 16px 52px", "@media (max-width: 640px)": { paddingLeft: "16px" } },
  fact: { margin: 0, overflowWrap: "anywhere" },
  value: {
    margin: "4px 0 0",
    padding: "12px",
    maxHeight: "320px",
    overflow: "auto",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "12px",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

interface Props {
  act: Schemas["Act"];
  /** Shows what else this one has done. */
  onAuthor: (author: string) => void;
}

export function ActRow({ act, onAuthor }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const details = useId();
  const what = actInWords(act, t);
  const tellsMore = act.before != null || act.after != null;
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "medium" });
  return (
    <li className={styles.card}>
      <div className={styles.line}>
        <Button
          appearance="subtle"
          size="small"
          icon={open ? <ChevronDown20Regular /> : <ChevronRight20Regular />}
          aria-expanded={open}
          aria-controls={details}
          aria-label={t("Details: {{what}}", { what })}
          onClick={() => setOpen(!open)}
        />
        <span className={styles.words}>
          <Text weight="semibold">{what}</Text>
          <Text size={200} className={styles.quiet}>
            {t("{{when}}, by {{who}}", { when: moment.format(new Date(act.time)), who: act.who })}
          </Text>
          {act.reason && <Text size={200}>“{act.reason}”</Text>}
        </span>
      </div>
      <div id={details}>
        {open && (
          <dl className={styles.facts}>
            {act.ip && <Fact label={t("Asked from")} value={act.ip} />}
            {act.revision != null && <Fact label={t("Revision of your settings")} value={String(act.revision)} />}
            {act.number != null && <Fact label={t("Entry")} value={`${act.number}, ${act.hash ?? ""}`} />}
          </dl>
        )}
        {open && tellsMore && (
          <div className={styles.sides}>
            <Side label={t("Before")} value={act.before} />
            <Side label={t("After")} value={act.after} />
          </div>
        )}
        {open && (
          <div className={styles.actions}>
            <Button size="small" onClick={() => onAuthor(authorOf(act.author))}>
              {t("What else was done by {{who}}", { who: act.who })}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.quiet}>{label}</dt>
      <dd className={styles.fact}>{value}</dd>
    </>
  );
}

function Side({ label, value }: { label: string; value: unknown }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div>
      <Text size={200} weight="semibold">
        {label}
      </Text>
      <pre className={styles.value} tabIndex={0} aria-label={label}>
        {value == null ? t("nothing") : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
