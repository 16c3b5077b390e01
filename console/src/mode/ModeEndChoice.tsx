/**
 * For how long a mode holds: until it is changed, for a while, or until an instant.
 */
import { Field, Input, makeStyles, Select } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Mode } from "../api/tenant";
import { modeName, wordOf } from "./modes";

export type ModeEnd = { kind: "never" } | { kind: "for"; span: string } | { kind: "until"; local: string };

const SPANS = ["30m", "1h", "4h", "24h"] as const;

/** The end as the API takes it; null while no instant to come has been chosen. */
export function endOf(end: ModeEnd): { for?: string; until?: string } | null {
  if (end.kind === "never") return {};
  if (end.kind === "for") return { for: end.span };
  const instant = new Date(end.local);
  return instant.getTime() > Date.now() ? { until: instant.toISOString().replace(/\.\d+Z$/, "Z") } : null;
}

const useStyles = makeStyles({
  row: {
    display: "grid",
    gridTemplateColumns: "1fr 1fr",
    gap: "12px",
    "@media (max-width: 480px)": { gridTemplateColumns: "1fr" },
  },
});

interface Props {
  value: ModeEnd;
  onChange: (end: ModeEnd) => void;
  /** The mode to which it goes back. */
  before: Mode;
}

export function ModeEndChoice({ value, onChange, before }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const names = {
    "30m": t("For half an hour"),
    "1h": t("For an hour"),
    "4h": t("For four hours"),
    "24h": t("For a day"),
  };
  const choose = (choice: string) => {
    if (choice === "never") onChange({ kind: "never" });
    else if (choice === "until") onChange({ kind: "until", local: "" });
    else onChange({ kind: "for", span: choice });
  };
  return (
    <div className={styles.row}>
      <Field
        label={t("How long")}
        hint={
          value.kind === "never" ? undefined : t("Then it is {{name}} again.", { name: modeName(wordOf(before), t) })
        }
      >
        <Select value={value.kind === "for" ? value.span : value.kind} onChange={(_, data) => choose(data.value)}>
          <option value="never">{t("Until it is changed")}</option>
          {SPANS.map((span) => (
            <option key={span} value={span}>
              {names[span]}
            </option>
          ))}
          <option value="until">{t("Until a time")}</option>
        </Select>
      </Field>
      {value.kind === "until" && (
        <Field
          label={t("Until")}
          validationMessage={value.local && !endOf(value) ? t("That is over already.") : undefined}
        >
          <Input
            type="datetime-local"
            value={value.local}
            onChange={(_, data) => onChange({ kind: "until", local: data.value })}
          />
        </Field>
      )}
    </div>
  );
}
