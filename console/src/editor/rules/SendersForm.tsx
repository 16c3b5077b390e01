/**
 * Who writes: people, groups, domains or addresses, and what must be true of them besides.
 */
import { useTranslation } from "react-i18next";
import { GroupsPicker, PeoplePicker } from "../../components/DirectoryPickers";
import type { Choice } from "../fields/choices";
import { FactTestsField } from "../fields/FactTestsField";
import { isAddressPattern, isDomainPattern, tidy, type Senders } from "./applies";
import { ChecksField } from "./ChecksField";
import { TextListField } from "./TextListField";

const KINDS: Choice<"user" | "shared" | "room">[] = [
  { value: "user", label: "A person’s own" },
  { value: "shared", label: "Shared" },
  { value: "room", label: "A room’s" },
];

const WAYS: Choice<"primary" | "alias" | "send_as" | "on_behalf">[] = [
  { value: "primary", label: "From their primary address" },
  { value: "alias", label: "From an alias" },
  { value: "send_as", label: "As somebody else" },
  { value: "on_behalf", label: "On behalf of somebody else" },
];

interface Props {
  value: Senders;
  onChange: (senders: Senders) => void;
}

export function SendersForm({ value, onChange }: Props) {
  const { t } = useTranslation();
  const set = (keys: Partial<Senders>) => onChange(tidy({ ...value, ...keys }));
  return (
    <>
      <GroupsPicker
        label={t("Groups")}
        hint={t("Any of these groups, people, domains or addresses is enough; with none of them, everybody.")}
        value={value.groups ?? []}
        onChange={(groups) => set({ groups })}
      />
      <PeoplePicker label={t("People")} value={value.people ?? []} onChange={(people) => set({ people })} />
      <TextListField
        label={t("Domains they write from")}
        placeholder="sales.contoso.example"
        hint={t("* stands for any text")}
        value={value.domains}
        judge={(text) => (isDomainPattern(text) ? undefined : t("“{{text}}” is like no domain", { text }))}
        onChange={(domains) => set({ domains })}
      />
      <TextListField
        label={t("Addresses they write from")}
        placeholder="sales-*@contoso.example"
        value={value.addresses}
        judge={(text) => (isAddressPattern(text) ? undefined : t("“{{text}}” is like no address", { text }))}
        onChange={(addresses) => set({ addresses })}
      />
      <FactTestsField
        label={t("And all of this is true of them")}
        value={value.attributes ?? []}
        onChange={(attributes) => set({ attributes })}
      />
      <ChecksField
        label={t("And their mailbox is")}
        hint={t("None ticked: any")}
        choices={KINDS}
        value={value.kinds}
        onChange={(kinds) => set({ kinds })}
      />
      <ChecksField
        label={t("And they write")}
        hint={t("None ticked: in any way")}
        choices={WAYS}
        value={value.writes_as}
        onChange={(ways) => set({ writes_as: ways })}
      />
    </>
  );
}
