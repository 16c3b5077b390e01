/**
 * A password, which the person may look at while typing.
 */
import { Button, Field, Input, type FieldProps } from "@fluentui/react-components";
import { EyeOffRegular, EyeRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  autoComplete: "current-password" | "new-password";
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  problem?: string;
  hint?: FieldProps["hint"];
  autoFocus?: boolean;
}

export function PasswordField({ label, autoComplete, value, onChange, onBlur, problem, hint, autoFocus }: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} validationMessage={problem} hint={hint}>
      <Input
        type={shown ? "text" : "password"}
        size="large"
        autoComplete={autoComplete}
        autoFocus={autoFocus}
        value={value}
        onChange={(_, data) => onChange(data.value)}
        onBlur={onBlur}
        contentAfter={
          <Button
            appearance="transparent"
            size="small"
            icon={shown ? <EyeOffRegular /> : <EyeRegular />}
            aria-label={shown ? t("Hide the password") : t("Show the password")}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          />
        }
      />
    </Field>
  );
}
