/**
 * Asks for a name: of a folder, of a signature.
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
  Input,
} from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  label: string;
  action: string;
  value?: string;
  onSave: (name: string) => void;
  onClose: () => void;
}

export function NameDialog({ title, label, action, value = "", onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    onSave(name.trim());
    onClose();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent>
              <Field label={label}>
                <Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("Cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!name.trim()}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
