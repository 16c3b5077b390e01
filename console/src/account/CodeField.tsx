/**
 * Six digits: typed, pasted with whatever stands between them, or filled in by the browser.
 */
import { Field, Input, makeStyles } from "@fluentui/react-components";

export const CODE_LENGTH = 6;

/** The digits of what was put in, however they were grouped. */
export const digitsOf = (text: string) => text.replace(/\D/g, "").slice(0, CODE_LENGTH);

const useStyles = makeStyles({
  input: {
    "& input": {
      fontSize: "26px",
      lineHeight: "36px",
      fontVariantNumeric: "tabular-nums",
      letterSpacing: "0.32em",
      textAlign: "center",
      paddingLeft: "0.32em",
    },
    minHeight: "56px",
  },
});

interface Props {
  label: string;
  value: string;
  onChange: (digits: string) => void;
  disabled?: boolean;
}

export function CodeField({ label, value, onChange, disabled }: Props) {
  const styles = useStyles();
  return (
    <Field label={label}>
      <Input
        className={styles.input}
        size="large"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        disabled={disabled}
        value={value}
        onChange={(_, data) => onChange(digitsOf(data.value))}
      />
    </Field>
  );
}
