/**
 * Who takes part in a pilot: people, groups, or messages with a word in the subject.
 */
import { Field, Input, makeStyles } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { GroupsPicker, PeoplePicker } from "../components/DirectoryPickers";
import type { Pilot } from "./modes";

const useStyles = makeStyles({ fields: { display: "flex", flexDirection: "column", gap: "16px" } });

interface Props {
  value: Pilot;
  onChange: (pilot: Pilot) => void;
}

export function PilotChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.fields}>
      <PeoplePicker label={t("People")} value={value.people} onChange={(people) => onChange({ ...value, people })} />
      <GroupsPicker label={t("Groups")} value={value.groups} onChange={(groups) => onChange({ ...value, groups })} />
      <Field
        label={t("Or a word in the subject")}
        hint={t("A message with it takes part, whoever writes it. Any of the three is enough.")}
      >
        <Input
          value={value.marker ?? ""}
          onChange={(_, data) => onChange({ ...value, marker: data.value.trim() ? data.value : null })}
        />
      </Field>
    </div>
  );
}
