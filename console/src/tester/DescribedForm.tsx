/**
 * A message in a few words: who writes, to whom, when, and what kind of message it is.
 */
import { Button, Checkbox, Field, Input, makeStyles, Select, Textarea } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import type { PersonEntry } from "../api/tenant";
import { PersonPicker } from "../components/PersonPicker";
import { DraftsChoice } from "./DraftsChoice";
import { addressesIn } from "./recipients";

export type Described = Schemas["AskedAbout"];

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px" },
  pair: {
    display: "grid",
    gridTemplateColumns: "repeat(2, minmax(0, 1fr))",
    gap: "12px",
    // A select is never narrower than its longest choice unless it is told so.
    "& .fui-Select, & select": { minWidth: 0 },
  },
});

interface Props {
  busy: boolean;
  onAsk: (message: Described) => void;
}

export function DescribedForm({ busy, onAsk }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [person, setPerson] = useState<PersonEntry | null>(null);
  const [to, setTo] = useState("");
  const [subject, setSubject] = useState("");
  const [kind, setKind] = useState("first");
  const [format, setFormat] = useState("html");
  const [importance, setImportance] = useState("normal");
  const [attachment, setAttachment] = useState(false);
  const [megabytes, setMegabytes] = useState("");
  const [at, setAt] = useState("");
  const [drafts, setDrafts] = useState(false);
  const recipients = addressesIn(to);
  const from = person?.addresses[0];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!from || recipients.length === 0) return;
    const when = at ? { at: new Date(at).toISOString().replace(/\.\d+Z$/, "Z") } : {};
    const size = Number(megabytes) > 0 ? { size: Math.round(Number(megabytes) * 1_000_000) } : {};
    onAsk({ from, to: recipients, subject, kind, format, importance, attachment, drafts, ...size, ...when });
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <PersonPicker label={t("Who writes")} value={person} onChange={setPerson} />
      <Field label={t("To")} hint={t("Any number of addresses, up to a hundred.")}>
        <Textarea value={to} rows={2} onChange={(_, { value }) => setTo(value)} />
      </Field>
      <Field label={t("Subject")}>
        <Input value={subject} onChange={(_, { value }) => setSubject(value)} />
      </Field>
      <div className={styles.pair}>
        <Field label={t("Kind")}>
          <Select value={kind} onChange={(_, { value }) => setKind(value)}>
            <option value="first">{t("New message")}</option>
            <option value="reply">{t("Reply")}</option>
            <option value="forward">{t("Forward")}</option>
          </Select>
        </Field>
        <Field label={t("Format")}>
          <Select value={format} onChange={(_, { value }) => setFormat(value)}>
            <option value="html">{t("HTML")}</option>
            <option value="plain">{t("Plain text")}</option>
            <option value="rtf">{t("Rich text")}</option>
          </Select>
        </Field>
        <Field label={t("Importance")}>
          <Select value={importance} onChange={(_, { value }) => setImportance(value)}>
            <option value="low">{t("Low")}</option>
            <option value="normal">{t("Normal")}</option>
            <option value="high">{t("High")}</option>
          </Select>
        </Field>
        <Field label={t("Size in MB")}>
          <Input type="number" min={0} value={megabytes} onChange={(_, { value }) => setMegabytes(value)} />
        </Field>
      </div>
      <Field label={t("When")} hint={t("Empty: now")}>
        <Input type="datetime-local" value={at} onChange={(_, { value }) => setAt(value)} />
      </Field>
      <Checkbox
        label={t("With an attachment")}
        checked={attachment}
        onChange={(_, { checked }) => setAttachment(checked === true)}
      />
      <DraftsChoice checked={drafts} onChange={setDrafts} />
      <Button type="submit" appearance="primary" disabledFocusable={busy || !from || recipients.length === 0}>
        {busy ? t("Asking …") : t("What happens?")}
      </Button>
    </form>
  );
}
