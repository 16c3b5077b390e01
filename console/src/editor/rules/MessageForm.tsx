/**
 * What kind of message: new or a reply, how it is written, what stands in its subject, and the rest of what can be told.
 */
import { useTranslation } from "react-i18next";
import type { Choice } from "../fields/choices";
import { tidy, type MessageIs } from "./applies";
import { ChecksField } from "./ChecksField";
import { RadioField } from "./RadioField";
import { SizeField } from "./SizeField";
import { TextListField } from "./TextListField";

const KINDS: Choice<"first" | "reply" | "forward">[] = [
  { value: "first", label: "New message" },
  { value: "reply", label: "Reply" },
  { value: "forward", label: "Forward" },
];

const FORMATS: Choice<"html" | "plain" | "rtf">[] = [
  { value: "html", label: "HTML" },
  { value: "plain", label: "Plain text" },
  { value: "rtf", label: "Outlook’s rich text" },
];

const IMPORTANCES: Choice<"low" | "normal" | "high">[] = [
  { value: "low", label: "Low" },
  { value: "normal", label: "Normal" },
  { value: "high", label: "High" },
];

const ATTACHMENTS: Choice<"either" | "with" | "without">[] = [
  { value: "either", label: "With or without attachments" },
  { value: "with", label: "Only with attachments" },
  { value: "without", label: "Only without attachments" },
];

interface Props {
  value: MessageIs;
  onChange: (message: MessageIs) => void;
}

export function MessageForm({ value, onChange }: Props) {
  const { t } = useTranslation();
  const set = (keys: Partial<MessageIs>) => onChange(tidy({ ...value, ...keys }));
  const attachment = value.has_attachment == null ? "either" : value.has_attachment ? "with" : "without";
  return (
    <>
      <ChecksField
        label={t("It is a")}
        hint={t("None ticked: any")}
        choices={KINDS}
        value={value.kinds}
        onChange={(kinds) => set({ kinds })}
      />
      <TextListField
        label={t("One of these stands in the subject")}
        placeholder="[fair]"
        value={value.subject_contains}
        onChange={(texts) => set({ subject_contains: texts })}
      />
      <ChecksField
        label={t("It is written as")}
        hint={t("None ticked: any")}
        choices={FORMATS}
        value={value.formats}
        onChange={(formats) => set({ formats })}
      />
      <RadioField
        label={t("Attachments")}
        choices={ATTACHMENTS}
        value={attachment}
        onChange={(chosen) => set({ has_attachment: chosen === "either" ? undefined : chosen === "with" })}
      />
      <ChecksField
        label={t("Its importance is")}
        hint={t("None ticked: any")}
        choices={IMPORTANCES}
        value={value.importance}
        onChange={(importance) => set({ importance })}
      />
      <SizeField
        label={t("Larger than")}
        value={value.larger_than_bytes}
        onChange={(bytes) => set({ larger_than_bytes: bytes })}
      />
      <SizeField
        label={t("Smaller than")}
        value={value.smaller_than_bytes}
        onChange={(bytes) => set({ smaller_than_bytes: bytes })}
      />
      <TextListField
        label={t("It carries one of these sensitivity labels")}
        placeholder={t("Confidential")}
        value={value.sensitivity_labels}
        onChange={(labels) => set({ sensitivity_labels: labels })}
      />
    </>
  );
}
