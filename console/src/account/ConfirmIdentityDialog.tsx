/**
 * The dialog by which a person confirms with the password that it is still them.
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
import { ProblemNotice } from "../components/ProblemNotice";
import { PasswordField } from "./PasswordField";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "16px" } });

export default function ConfirmIdentityDialog({ onEnd }: { onEnd: (confirmed: boolean) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [password, setPassword] = useState("");
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
            <DialogTitle>{t("Enter your password once more")}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text>{t("This change needs a fresh confirmation that it is you.")}</Text>
              <ProblemNotice error={confirm.error} />
              <PasswordField
                label={t("Password")}
                autoComplete="current-password"
                value={password}
                onChange={setPassword}
                autoFocus
              />
            </DialogContent>
            <DialogActions>
              <Button onClick={() => onEnd(false)}>{t("Cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!password || confirm.isPending}>
                {t("Confirm")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
