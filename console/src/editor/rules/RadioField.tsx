/**
 * One of a few, each with a sentence of what it means.
 */
import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Choice } from "../fields/choices";

interface Props<Value extends string> {
  label: string;
  hint?: string;
  choices: Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

export function RadioField<Value extends string>({ label, hint, choices, value, onChange }: Props<Value>) {
  const { t } = useTranslation();
  return (
    <Field label={label} hint={hint}>
      <RadioGroup value={value} onChange={(_, { value: chosen }) => onChange(chosen as Value)}>
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} label={t(choice.label)} />
        ))}
      </RadioGroup>
    </Field>
  );
}
