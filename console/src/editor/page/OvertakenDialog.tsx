/**
 * Somebody else has changed the signature while a draft of it was open. Nothing is overwritten; one decides.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";

interface Props {
  onTheirs: () => void;
  onCopy: () => void;
  onClose: () => void;
}

export function OvertakenDialog({ onTheirs, onCopy, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("Somebody else has changed this signature")}</DialogTitle>
          <DialogContent>
            {t(
              "It was published while you were editing, so your draft was not. Keep yours as a signature of its own, or load theirs and lose your draft. The history tells what they changed.",
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("Go on editing")}</Button>
            <Button onClick={onTheirs}>{t("Load theirs")}</Button>
            <Button appearance="primary" onClick={onCopy}>
              {t("Save mine as a copy")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
