/**
 * A colour by its number or by the picker of the system.
 */
import { Button, Input, makeStyles, mergeClasses, tokens, Tooltip } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  row: { display: "flex", gap: "6px", alignItems: "center" },
  well: {
    width: "32px",
    height: "24px",
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: "transparent",
    cursor: "pointer",
    flexShrink: 0,
  },
  large: { width: "44px", height: "32px" },
  none: { opacity: 0.35 },
  code: { minWidth: 0, flexGrow: 1 },
});

interface Props {
  label: string;
  value: string | null | undefined;
  onChange: (colour: string | undefined) => void;
  /** It may be left out; what holds then. */
  empty?: string;
  size?: "small" | "medium";
}

export function ColourInput({ label, value, onChange, empty, size = "small" }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState<string | null>(null);

  const type = (text: string) => {
    setTyped(text);
    const colour = text.startsWith("#") ? text : `#${text}`;
    if (/^#[0-9a-f]{6}$/i.test(colour)) onChange(colour.toLowerCase());
    if (text === "" && empty !== undefined) onChange(undefined);
  };

  return (
    <div className={styles.row}>
      <input
        type="color"
        className={mergeClasses(styles.well, size === "medium" && styles.large, !value && styles.none)}
        aria-label={t("{{colour}}: pick", { colour: label })}
        value={value ?? "#000000"}
        onChange={(event) => onChange(event.target.value)}
      />
      <Input
        aria-label={label}
        size={size}
        className={styles.code}
        value={typed ?? value ?? ""}
        placeholder={empty ?? "#1a2b3c"}
        onChange={(_, { value: text }) => type(text)}
        onBlur={() => setTyped(null)}
      />
      {empty !== undefined && value && (
        <Tooltip content={t("No colour of its own")} relationship="label">
          <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={() => onChange(undefined)} />
        </Tooltip>
      )}
    </div>
  );
}
