/**
 * One of a few, side by side: radio buttons that look like one control.
 */
import { makeStyles, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "./choices";
import { FieldGroup } from "./FieldGroup";

const useStyles = makeStyles({
  group: {
    display: "flex",
    padding: "2px",
    gap: "2px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  choice: {
    flexGrow: 1,
    position: "relative",
    textAlign: "center",
    padding: "4px 8px",
    borderRadius: tokens.borderRadiusMedium,
    cursor: "pointer",
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    ":has(:checked)": {
      backgroundColor: tokens.colorNeutralBackground1,
      color: tokens.colorNeutralForeground1,
      fontWeight: tokens.fontWeightSemibold,
      boxShadow: tokens.shadow2,
    },
    ":has(:focus-visible)": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  input: { position: "absolute", inset: 0, opacity: 0, margin: 0, cursor: "pointer" },
});

interface Props<Value extends string> {
  label: string;
  choices: Choice<Value>[];
  value: Value | null | undefined;
  onChange: (value: Value) => void;
}

export function SegmentedField<Value extends string>({ label, choices, value, onChange }: Props<Value>) {
  const { t } = useTranslation();
  const styles = useStyles();
  const name = useId();
  const chosen = value ?? choices[0]?.value;
  return (
    <FieldGroup label={label} role="radiogroup">
      <div className={styles.group}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles.choice}>
            <input
              type="radio"
              className={styles.input}
              name={name}
              checked={choice.value === chosen}
              onChange={() => onChange(choice.value)}
            />
            {t(choice.label)}
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
