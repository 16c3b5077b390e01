/**
 * Asks for a link by which a new password can be chosen. The answer is the same whether the address is known or not.
 */
import { Button, Field, Input, makeStyles, Text } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { ProblemNotice } from "../components/ProblemNotice";
import { LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "20px" } });

export default function ForgotPasswordPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const [email, setEmail] = useState("");
  const forgot = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/password/forgot", { body: { email: email.trim() } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim()) forgot.mutate();
  };
  const foot = <LinkTo to="/sign-in">{t("Back to signing in")}</LinkTo>;

  if (forgot.isSuccess) {
    return (
      <AccountFrame
        title={t("Look into your mailbox")}
        lead={t("If there is an account with {{email}}, a link to choose a new password is on its way.", { email })}
        foot={foot}
      >
        <Text>{t("If nothing comes within a few minutes, look into the junk folder.")}</Text>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame
      title={t("Choose a new password")}
      lead={t("Tell us the e-mail address of your account, and we send you a link.")}
      foot={foot}
    >
      <form className={styles.form} onSubmit={submit}>
        <ProblemNotice error={forgot.error} />
        <Field label={t("E-mail address")}>
          <Input
            type="email"
            size="large"
            autoComplete="username"
            autoFocus
            value={email}
            onChange={(_, { value }) => setEmail(value)}
          />
        </Field>
        <Button type="submit" appearance="primary" size="large" disabledFocusable={forgot.isPending || !email.trim()}>
          {forgot.isPending ? t("Sending …") : t("Send the link")}
        </Button>
      </form>
    </AccountFrame>
  );
}
