/**
 * Trying it out: for a few people, or for messages with a word in the subject, before everybody gets it.
 */
import { Field, Input, Switch } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { GroupsPicker, PeoplePicker } from "../../components/DirectoryPickers";
import { tidy, type Trial } from "./applies";

interface Props {
  value: Trial | null;
  onChange: (trial: Trial | null) => void;
}

export function TrialForm({ value, onChange }: Props) {
  const { t } = useTranslation();
  const set = (keys: Partial<Trial>) => onChange(tidy({ ...value, ...keys }));
  return (
    <>
      <Field hint={t("For all others it is as if it were not there, and the next is tried.")}>
        <Switch
          label={t("Only for some while it is tried out")}
          checked={value !== null}
          onChange={(_, { checked }) => onChange(checked ? {} : null)}
        />
      </Field>
      {value && (
        <>
          <PeoplePicker label={t("These people")} value={value.people ?? []} onChange={(people) => set({ people })} />
          <GroupsPicker
            label={t("Or these groups")}
            value={value.groups ?? []}
            onChange={(groups) => set({ groups })}
          />
          <Field label={t("Or this word in the subject")} hint={t("Anybody who writes it gets the signature")}>
            <Input
              value={value.marker ?? ""}
              placeholder="try-signature"
              onChange={(_, { value: marker }) => set({ marker })}
            />
          </Field>
        </>
      )}
    </>
  );
}
