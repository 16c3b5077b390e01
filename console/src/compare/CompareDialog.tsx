/**
 * Two states of a signature looked at before something is decided.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  surface: { maxWidth: "1120px", width: "calc(100vw - 32px)" },
  content: { display: "flex", flexDirection: "column", gap: "16px" },
});

interface Props {
  title: string;
  /** What can be decided, beside closing it. */
  actions?: ReactNode;
  children: ReactNode;
  onClose: () => void;
}

export function CompareDialog({ title, actions, children, onClose }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>{children}</DialogContent>
          <DialogActions fluid>
            <Button onClick={onClose}>{t("Close")}</Button>
            {actions}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
