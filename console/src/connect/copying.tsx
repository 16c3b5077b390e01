/**
 * What has to be taken over letter by letter: with a button that copies it.
 */
import { Button, makeStyles, tokens, Tooltip } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useToasts } from "../components/toasts";

const useStyles = makeStyles({
  lines: {
    margin: 0,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  line: {
    display: "grid",
    gridTemplateColumns: "72px minmax(0, 1fr)",
    alignItems: "center",
    gap: "4px 12px",
    padding: "6px 8px 6px 16px",
    ":not(:first-child)": { borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
    "@media (max-width: 560px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  name: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  value: {
    margin: 0,
    minHeight: "32px",
    display: "flex",
    alignItems: "center",
    justifyContent: "space-between",
    gap: "12px",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "13px",
    overflowWrap: "anywhere",
  },
});

/** How long the button says that it has copied. */
const SAID_MS = 2_000;

interface ButtonProps {
  /** What is copied. */
  text: string;
  /** What the button is called, such as “Copy the name”. */
  label: string;
  /** The label stands on the button. */
  shown?: "label";
}

export function CopyButton({ text, label, shown }: ButtonProps) {
  const { t } = useTranslation();
  const toast = useToasts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast({ intent: "error", title: t("The browser did not let us copy"), body: t("Select the text and copy it.") });
    }
  };
  const icon = copied ? <CheckmarkRegular /> : <CopyRegular />;
  const said = copied ? t("Copied") : label;
  if (shown) {
    return (
      <Button icon={icon} onClick={() => void copy()}>
        {said}
      </Button>
    );
  }
  return (
    <Tooltip content={said} relationship="label">
      <Button appearance="subtle" icon={icon} onClick={() => void copy()} />
    </Tooltip>
  );
}

interface Line {
  name: string;
  value: string;
  /** What the button is called; without it there is none. */
  copy?: string;
}

export function CopyLines({ lines }: { lines: Line[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.lines}>
      {lines.map(({ name, value, copy }) => (
        <div key={name} className={styles.line}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>
            {value}
            {copy && <CopyButton text={value} label={copy} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
