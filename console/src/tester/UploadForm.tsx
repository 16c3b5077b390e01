/**
 * A real message, as a mail program saves it (.eml), and who gets it.
 */
import { Button, Field, makeStyles, Text, Textarea, tokens } from "@fluentui/react-components";
import { MailAttachRegular } from "@fluentui/react-icons";
import { useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { DraftsChoice } from "./DraftsChoice";
import { addressesIn } from "./recipients";

export interface Uploaded {
  message: File;
  envelope: { to: string; drafts: boolean };
}

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px" },
  file: { display: "none" },
  chosen: { display: "flex", alignItems: "center", gap: "12px", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  busy: boolean;
  onAsk: (uploaded: Uploaded) => void;
}

export function UploadForm({ busy, onAsk }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const [message, setMessage] = useState<File | null>(null);
  const [to, setTo] = useState("");
  const [drafts, setDrafts] = useState(false);
  const recipients = addressesIn(to);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (message && recipients.length > 0) onAsk({ message, envelope: { to: recipients.join(","), drafts } });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <input
        ref={input}
        className={styles.file}
        type="file"
        accept=".eml,message/rfc822"
        aria-label={t("Message")}
        onChange={(event) => setMessage(event.target.files?.[0] ?? null)}
      />
      <div className={styles.chosen}>
        <Button icon={<MailAttachRegular />} onClick={() => input.current?.click()}>
          {t("Choose an .eml file")}
        </Button>
        <Text className={styles.quiet}>{message?.name ?? t("None chosen")}</Text>
      </div>
      <Field label={t("Who gets it")} hint={t("Blind copies as well: they are in no header.")}>
        <Textarea value={to} rows={3} onChange={(_, { value }) => setTo(value)} />
      </Field>
      <DraftsChoice checked={drafts} onChange={setDrafts} />
      <Button type="submit" appearance="primary" disabledFocusable={busy || !message || recipients.length === 0}>
        {busy ? t("Asking …") : t("What happens?")}
      </Button>
    </form>
  );
}
