/**
 * The page behind the link of a forgotten password: choosing a new one.
 */
import { Button, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { ProblemNotice } from "../components/ProblemNotice";
import { ButtonTo, LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";
import { PasswordField } from "./PasswordField";
import { PasswordMeter } from "./PasswordMeter";
import { useTokenOfLink } from "./useTokenOfLink";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "20px" } });

const NOBODY: string[] = [];

export default function ResetPasswordPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const token = useTokenOfLink();
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/password/reset", { body: { token, password } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password) reset.mutate();
  };

  if (reset.isSuccess) {
    return (
      <AccountFrame
        title={t("The new password is in force")}
        lead={t("Whoever was signed in with the old one is signed out.")}
      >
        <ButtonTo appearance="primary" size="large" to="/sign-in">
          {t("Sign in")}
        </ButtonTo>
      </AccountFrame>
    );
  }
  if (!token || isProblem(reset.error, "gone")) {
    return (
      <AccountFrame title={t("This link is good no more")} lead={t("It was used already, or it is too old.")}>
        <ButtonTo appearance="primary" size="large" to="/forgot-password">
          {t("Ask for a new link")}
        </ButtonTo>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={t("Choose a new password")} foot={<LinkTo to="/sign-in">{t("Back to signing in")}</LinkTo>}>
      <form className={styles.form} onSubmit={submit}>
        <ProblemNotice error={reset.error} />
        <PasswordField
          label={t("New password")}
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          autoFocus
        />
        <PasswordMeter password={password} about={NOBODY} />
        <Button type="submit" appearance="primary" size="large" disabledFocusable={reset.isPending || !password}>
          {reset.isPending ? t("Saving …") : t("Save the password")}
        </Button>
      </form>
    </AccountFrame>
  );
}
