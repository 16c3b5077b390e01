/**
 * There is a draft, and somebody has published another version since it was begun. One decides before going on.
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
  /** When the draft was kept, as an instant. */
  saved: string;
  onDraft: () => void;
  onDiscard: () => void;
}

export function OutdatedDialog({ saved, onDraft, onDiscard }: Props) {
  const { t, i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("You have a draft of {{when}}", { when: format.format(new Date(saved)) })}</DialogTitle>
          <DialogContent>
            {t(
              "Somebody has published another version of this signature since. Go on with your draft, and publishing it replaces theirs; or discard it, and begin from what is published.",
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onDiscard}>{t("Discard the draft")}</Button>
            <Button appearance="primary" onClick={onDraft}>
              {t("Go on with the draft")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
