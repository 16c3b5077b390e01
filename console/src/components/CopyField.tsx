/**
 * A value that is told once: shown whole, and copied with one click.
 */
import { Button, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", gap: "8px" },
  value: { flex: "1 1 240px", "& input": { fontFamily: tokens.fontFamilyMonospace } },
});

export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <Field label={label}>
      {(field) => (
        <div className={styles.line}>
          <Input {...field} readOnly value={value} className={styles.value} onFocus={({ target }) => target.select()} />
          <CopyText text={value} label={t("Copy")} />
        </div>
      )}
    </Field>
  );
}

/** A button that copies a text, and says so. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Button icon={copied ? <CheckmarkRegular /> : <CopyRegular />} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t("Copied") : label}</span>
    </Button>
  );
}
