/**
 * The code of a first sign-in on a device: mailed, or from an authenticator app. It is sent off as soon as it is whole,
 * however it was put in.
 */
import { Button, Checkbox, Field, Input, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { SignInState } from "../api/account";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { ProblemNotice } from "../components/ProblemNotice";
import { CODE_LENGTH, CodeField } from "./CodeField";
import { ResendCode } from "./ResendCode";

type Asked = Extract<SignInState, { state: "code" }>;

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "18px" },
  lead: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  asked: Asked;
  onSignedIn: (state: SignInState) => Promise<void> | void;
  onStartAgain: () => void;
}

export function CodeStep({ asked, onSignedIn, onStartAgain }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [code, setCode] = useState("");
  const [remember, setRemember] = useState(false);
  const [recovering, setRecovering] = useState(false);

  const check = useMutation({
    mutationFn: (whole: string) => answer(api.POST("/api/v1/sign-in/code", { body: { code: whole, remember } })),
    onSuccess: onSignedIn,
    onError: () => setCode(""),
  });
  const over = isProblem(check.error, "gone");

  const change = (value: string) => {
    setCode(value);
    if (value.length === CODE_LENGTH && value !== code) check.mutate(value);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (recovering ? code.trim() : code.length === CODE_LENGTH) check.mutate(code);
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <Text className={styles.lead}>
        {recovering ? t("Enter one of the codes you kept when you set the app up.") : whereTheCodeIs(asked, t)}
      </Text>
      <ProblemNotice error={check.error} actions={over && <Button onClick={onStartAgain}>{t("Begin again")}</Button>} />
      {recovering ? (
        <Field label={t("Recovery code")}>
          <Input
            size="large"
            autoFocus
            autoComplete="off"
            disabled={over || check.isPending}
            value={code}
            onChange={(_, { value }) => setCode(value)}
          />
        </Field>
      ) : (
        <CodeField label={t("Code")} value={code} onChange={change} disabled={over || check.isPending} />
      )}
      <Checkbox
        label={t("Trust this device: no code here next time")}
        checked={remember}
        onChange={(_, { checked }) => setRemember(checked === true)}
      />
      <Button type="submit" appearance="primary" size="large" disabledFocusable={over || check.isPending}>
        {check.isPending ? t("Checking …") : t("Continue")}
      </Button>
      {asked.factor !== "totp" && !over && <ResendCode />}
      {asked.factor === "totp" && !recovering && (
        <Button
          appearance="subtle"
          onClick={() => {
            setCode("");
            setRecovering(true);
          }}
        >
          {t("I do not have the app: use a recovery code")}
        </Button>
      )}
      <Button appearance="subtle" onClick={onStartAgain}>
        {t("Sign in with another account")}
      </Button>
    </form>
  );
}

function whereTheCodeIs(asked: Asked, t: TFunction): string {
  if (asked.factor === "totp")
    return t("Open your authenticator app and enter the six digits that it shows for Signet.");
  const minutes = Math.round(asked.valid_seconds / 60);
  return t("We have sent six digits to {{address}}. They are good once, for {{minutes}} minutes.", {
    address: asked.sent_to ?? t("your e-mail address"),
    minutes,
  });
}
