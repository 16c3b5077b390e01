/**
 * Any of a few, as boxes to tick. None ticked says nothing: all are meant.
 */
import { Checkbox, makeStyles } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Choice } from "../fields/choices";
import { FieldGroup } from "../fields/FieldGroup";

const useStyles = makeStyles({ boxes: { display: "flex", flexWrap: "wrap", columnGap: "8px", marginLeft: "-8px" } });

interface Props<Value extends string> {
  label: string;
  hint?: string;
  choices: Choice<Value>[];
  value: Value[] | undefined;
  onChange: (values: Value[]) => void;
}

export function ChecksField<Value extends string>({ label, hint, choices, value = [], onChange }: Props<Value>) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tick = (changed: Value, on: boolean) =>
    onChange(choices.map((choice) => choice.value).filter((one) => (one === changed ? on : value.includes(one))));
  return (
    <FieldGroup label={label} hint={hint}>
      <div className={styles.boxes}>
        {choices.map((choice) => (
          <Checkbox
            key={choice.value}
            label={t(choice.label)}
            checked={value.includes(choice.value)}
            onChange={(_, { checked }) => tick(choice.value, checked === true)}
          />
        ))}
      </div>
    </FieldGroup>
  );
}
