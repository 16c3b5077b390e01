/**
 * What it is, where it stands in the message, how its pictures travel, and what comes after it.
 */
import { Dropdown, Field, Option, Switch } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../../api/session";
import { foldersQuery } from "../../api/tenant";
import type { SignatureEntry } from "../design/types";
import type { Choice } from "../fields/choices";
import { RadioField } from "./RadioField";

const LAYERS: Choice<"signature" | "banner" | "disclaimer">[] = [
  { value: "signature", label: "A signature" },
  { value: "banner", label: "A banner: it comes with whichever signature applies, and where none does" },
  { value: "disclaimer", label: "A disclaimer: the same, for legal notices" },
];

const PLACES: Choice<"reply" | "top" | "bottom">[] = [
  { value: "reply", label: "Under the newest text, above what is quoted" },
  { value: "top", label: "Above everything" },
  { value: "bottom", label: "Below everything, the quoted text included" },
];

const DELIVERIES: Choice<"hosted" | "embedded">[] = [
  { value: "hosted", label: "Linked: mail stays small; some programs ask before they show them" },
  { value: "embedded", label: "In the message: always shown; mail grows" },
];

const AGAIN: Choice<"skip" | "sign" | "only">[] = [
  { value: "skip", label: "Add none" },
  { value: "sign", label: "Add it all the same" },
  { value: "only", label: "Add it only then" },
];

const HOW_OFTEN: Choice<"always" | "thread" | "sender" | "recipient">[] = [
  { value: "always", label: "In every message" },
  { value: "thread", label: "Once in a conversation, whoever writes: not where the quoted text has it" },
  { value: "sender", label: "Once for each sender in a conversation" },
  { value: "recipient", label: "Once for each sender and recipient: who joins later gets it" },
];

const PLAIN_TEXTS: Choice<"stays" | "becomes_html">[] = [
  { value: "stays", label: "Stays plain text, with the signature as plain text" },
  { value: "becomes_html", label: "Gets HTML beside it, with the signature as it is drawn" },
];

interface Props {
  entry: SignatureEntry;
  onChange: (keys: Partial<SignatureEntry>) => void;
}

export function PlacementForm({ entry, onChange }: Props) {
  const { t } = useTranslation();
  const { applies = {} } = entry;
  return (
    <>
      <RadioField
        label={t("This is")}
        choices={LAYERS}
        value={entry.layer ?? "signature"}
        onChange={(layer) => onChange({ layer: layer === "signature" ? undefined : layer })}
      />
      <RadioField
        label={t("It stands")}
        choices={PLACES}
        value={entry.place ?? "reply"}
        onChange={(place) => onChange({ place })}
      />
      <RadioField
        label={t("Its pictures travel")}
        choices={DELIVERIES}
        value={entry.images ?? "hosted"}
        onChange={(images) => onChange({ images })}
      />
      <RadioField
        label={t("A message that is plain text")}
        choices={PLAIN_TEXTS}
        value={entry.plain_text ?? "stays"}
        onChange={(plain) => onChange({ plain_text: plain === "stays" ? undefined : plain })}
      />
      <RadioField
        label={t("It comes")}
        choices={HOW_OFTEN}
        value={applies.once ?? "always"}
        onChange={(often) => {
          const { once: _, ...rest } = applies;
          onChange({ applies: often === "always" ? rest : { ...rest, once: often } });
        }}
      />
      <RadioField
        label={t("Where the newest text carries a signature of this sender already")}
        choices={AGAIN}
        value={applies.already_signed ?? "skip"}
        onChange={(again) => {
          const { already_signed: _, ...rest } = applies;
          onChange({ applies: again === "skip" ? rest : { ...rest, already_signed: again } });
        }}
      />
      <Field hint={t("Without this the first of its kind that applies is the only one.")}>
        <Switch
          label={t("Then go on to the next that applies")}
          checked={entry.then_continue === true}
          onChange={(_, { checked }) => onChange({ then_continue: checked })}
        />
      </Field>
      <FolderField value={entry.folder ?? null} onChange={(folder) => onChange({ folder: folder ?? undefined })} />
    </>
  );
}

function FolderField({ value, onChange }: { value: string | null; onChange: (folder: string | null) => void }) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const { data } = useQuery(foldersQuery(tenant));
  const folders = data?.folders ?? [];
  if (folders.length === 0 && value === null) return null;
  const none = t("In no folder");
  const name = folders.find(({ id }) => id === value)?.name || value || none;
  return (
    <Field label={t("Folder")}>
      <Dropdown
        value={name}
        selectedOptions={[value ?? ""]}
        onOptionSelect={(_, { optionValue }) => onChange(optionValue || null)}
      >
        <Option value="">{none}</Option>
        {folders.map((folder) => (
          <Option key={folder.id} value={folder.id}>
            {folder.name || folder.id}
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}
