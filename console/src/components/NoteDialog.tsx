/**
 * Asks for a word to something before it is done.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  Text,
  Textarea,
} from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({ parts: { display: "flex", flexDirection: "column", gap: "16px" } });

interface Props {
  title: string;
  lead: ReactNode;
  label: string;
  action: string;
  /** Without a word there is nothing to be done. */
  required?: boolean;
  busy?: boolean;
  onDone: (note: string) => void;
  onClose: () => void;
}

export function NoteDialog({ title, lead, label, action, required, busy, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [note, setNote] = useState("");
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.parts}>
            <Text>{lead}</Text>
            <Field label={label} required={required}>
              <Textarea value={note} rows={3} maxLength={500} onChange={(_, { value }) => setNote(value)} />
            </Field>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("Cancel")}</Button>
            <Button
              appearance="primary"
              disabledFocusable={busy || (required && note.trim() === "")}
              onClick={() => onDone(note.trim())}
            >
              {action}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
