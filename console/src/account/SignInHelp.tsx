/**
 * Help for those who cannot sign in, and what we never do by e-mail.
 */
import {
  Body1,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  MessageBar,
  MessageBarBody,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "16px" } });

export default function SignInHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("Help with signing in")}</DialogTitle>
          <DialogContent className={styles.content}>
            <Body1>
              {t(
                "On a device that we do not know yet we send a code to your e-mail address. If it does not come, look into the junk folder, then have it sent again. If you have forgotten your password, ask for a link to choose a new one.",
              )}
            </Body1>
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>
                {t(
                  "We never ask for payment data, a VAT number or your password by e-mail. A mail that does is not from us: do not answer it, and tell your support.",
                )}
              </MessageBarBody>
            </MessageBar>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t("Close")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
