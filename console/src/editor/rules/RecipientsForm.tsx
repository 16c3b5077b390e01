/**
 * To whom: inside or outside of the organisation, and whom in particular.
 */
import { useTranslation } from "react-i18next";
import { GroupsPicker, PeoplePicker } from "../../components/DirectoryPickers";
import type { Choice } from "../fields/choices";
import { isAddressPattern, isDomainPattern, type Listed } from "./applies";
import { RadioField } from "./RadioField";
import { TextListField } from "./TextListField";

const AUDIENCES: Choice<"any" | "internal" | "external">[] = [
  { value: "any", label: "Anybody" },
  { value: "external", label: "People outside the organisation" },
  { value: "internal", label: "People inside the organisation" },
];

const JUDGED: Choice<"each" | "any" | "all">[] = [
  { value: "each", label: "For each recipient by itself" },
  { value: "any", label: "For the whole message, when one recipient is such" },
  { value: "all", label: "For the whole message, when all recipients are such" },
];

interface Props {
  value: Listed;
  onChange: (recipients: Listed) => void;
}

export function RecipientsForm({ value, onChange }: Props) {
  const { t } = useTranslation();
  const set = (keys: Partial<Listed>) => onChange({ ...value, ...keys });
  return (
    <>
      <RadioField
        label={t("They are")}
        choices={AUDIENCES}
        value={value.audience ?? "any"}
        onChange={(audience) => set({ audience })}
      />
      <TextListField
        label={t("Their domains")}
        placeholder="*.fabrikam.example"
        hint={t(
          "Any of these domains, addresses, people or groups is enough; with none of them, everybody. * stands for any text.",
        )}
        value={value.domains}
        judge={(text) => (isDomainPattern(text) ? undefined : t("“{{text}}” is like no domain", { text }))}
        onChange={(domains) => set({ domains })}
      />
      <TextListField
        label={t("Their addresses")}
        placeholder="*@fabrikam.example"
        value={value.addresses}
        judge={(text) => (isAddressPattern(text) ? undefined : t("“{{text}}” is like no address", { text }))}
        onChange={(addresses) => set({ addresses })}
      />
      <PeoplePicker
        label={t("People of the organisation")}
        value={value.people ?? []}
        onChange={(people) => set({ people })}
      />
      <GroupsPicker
        label={t("Groups of the organisation")}
        value={value.groups ?? []}
        onChange={(groups) => set({ groups })}
      />
      <RadioField
        label={t("It is judged")}
        choices={JUDGED}
        value={value.judged ?? "each"}
        onChange={(judged) => set({ judged })}
      />
    </>
  );
}
