/**
 * Signing in: the e-mail address and the password, then, on a device that is not known yet, a code.
 */
import { Button, Field, Input, Link as TextLink, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { SignInState } from "../api/account";
import { answer, api } from "../api/client";
import { wantedPath } from "../app/next";
import { queryClient } from "../app/queries";
import { ProblemNotice } from "../components/ProblemNotice";
import { LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";
import { CodeStep } from "./CodeStep";
import { MicrosoftButton } from "./microsoft/MicrosoftButton";
import { SignOutToo } from "./microsoft/SignOutToo";
import { PasswordField } from "./PasswordField";

const SignInHelp = lazy(() => import("./SignInHelp"));

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "18px" },
  forgot: { alignSelf: "flex-end", fontSize: "13px" },
});

export default function SignInPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const [state, setState] = useState<SignInState>();
  const [helping, setHelping] = useState(false);

  const proceed = async (reached: SignInState) => {
    if (reached.state !== "signed_in") return setState(reached);
    queryClient.clear();
    await router.navigate({ href: wantedPath(next), replace: true });
  };

  const foot = (
    <>
      <span>
        {t("New to Signet?")} <LinkTo to="/sign-up">{t("Create an account")}</LinkTo>
      </span>
      <TextLink as="button" onClick={() => setHelping(true)}>
        {t("Help with signing in")}
      </TextLink>
      <LinkTo to="/security">{t("Security and privacy")}</LinkTo>
      {helping && (
        <Suspense>
          <SignInHelp onClose={() => setHelping(false)} />
        </Suspense>
      )}
    </>
  );

  if (state?.state === "code") {
    return (
      <AccountFrame title={t("Confirm that it is you")} foot={foot}>
        <CodeStep asked={state} onSignedIn={proceed} onStartAgain={() => setState(undefined)} />
      </AccountFrame>
    );
  }
  if (state?.state === "verify") {
    return (
      <AccountFrame
        title={t("Confirm your e-mail address first")}
        lead={t("We have sent you the link once more. Open it on any device, then sign in here.")}
        foot={foot}
      >
        <Button onClick={() => setState(undefined)}>{t("Back to signing in")}</Button>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={t("Sign in")} lead={t("to the signatures of your organisation")} foot={foot}>
      <SignOutToo />
      <PasswordStep onAnswer={proceed} />
      <MicrosoftButton label={t("Sign in with Microsoft")} journey={{ from: "sign-in", next }} />
    </AccountFrame>
  );
}

function PasswordStep({ onAnswer }: { onAnswer: (state: SignInState) => Promise<void> | void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);

  const signIn = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/sign-in", { body: { email: email.trim(), password } })),
    onSuccess: onAnswer,
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const incomplete = !email.trim() || !password;
    setMissing(incomplete);
    if (!incomplete) signIn.mutate();
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <ProblemNotice error={signIn.error} />
      <Field
        label={t("E-mail address")}
        validationMessage={missing && !email.trim() ? t("Enter your e-mail address.") : undefined}
      >
        <Input
          type="email"
          size="large"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(_, { value }) => setEmail(value)}
        />
      </Field>
      <PasswordField
        label={t("Password")}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        problem={missing && !password ? t("Enter your password.") : undefined}
      />
      <LinkTo to="/forgot-password" className={styles.forgot}>
        {t("Forgotten your password?")}
      </LinkTo>
      <Button type="submit" appearance="primary" size="large" disabledFocusable={signIn.isPending}>
        {signIn.isPending ? t("Signing in …") : t("Sign in")}
      </Button>
    </form>
  );
}
