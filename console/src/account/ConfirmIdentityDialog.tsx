/**
 * The dialog by which a person confirms that it is still them: with the password, or at Microsoft, which leads back to
 * the same page.
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
  Text,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useSession } from "../api/session";
import { ProblemNotice } from "../components/ProblemNotice";
import { MicrosoftMark } from "./microsoft/MicrosoftMark";
import { useMicrosoft } from "./microsoft/useMicrosoft";
import { PasswordField } from "./PasswordField";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "16px" } });

export default function ConfirmIdentityDialog({ onEnd }: { onEnd: (confirmed: boolean) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [password, setPassword] = useState("");
  const { confirm_by: ways } = useSession();
  const byPassword = ways.includes("password");
  const { pathname, search } = window.location;
  const leave = useMicrosoft("confirm", { from: "confirm", next: pathname + search });
  const confirm = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/session/confirm", { body: { password } })),
    onSuccess: () => onEnd(true),
    onError: () => setPassword(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password) confirm.mutate();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onEnd(false)}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{byPassword ? t("Enter your password once more") : t("Confirm that it is you")}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text>{t("This change needs a fresh confirmation that it is you.")}</Text>
              <ProblemNotice error={confirm.error ?? leave.error} />
              {byPassword && (
                <PasswordField
                  label={t("Password")}
                  autoComplete="current-password"
                  value={password}
                  onChange={setPassword}
                  autoFocus
                />
              )}
              {ways.includes("microsoft") && (
                <>
                  <Button icon={<MicrosoftMark />} disabledFocusable={leave.isPending} onClick={() => leave.mutate()}>
                    {t("Confirm with Microsoft")}
                  </Button>
                  <Text size={200}>{t("You come back to this page. Then make the change once more.")}</Text>
                </>
              )}
            </DialogContent>
            <DialogActions>
              <Button onClick={() => onEnd(false)}>{t("Cancel")}</Button>
              {byPassword && (
                <Button type="submit" appearance="primary" disabledFocusable={!password || confirm.isPending}>
                  {t("Confirm")}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
