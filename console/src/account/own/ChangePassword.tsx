/**
 * Choosing another password; whoever has none gets a link by mail that sets one.
 */
import { Button, makeStyles, Text } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../../api/account";
import { answer, api } from "../../api/client";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";
import { PasswordField } from "../PasswordField";
import { PasswordMeter } from "../PasswordMeter";
import { useAccountChange } from "./useAccountChange";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px", maxWidth: "400px" },
  save: { alignSelf: "flex-start" },
});

export function ChangePassword({ account }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const change = useAccountChange(
    () => answer(api.POST("/api/v1/account/password", { body: { old, new: next } })),
    t("The new password is in force"),
    () => {
      setOld("");
      setNext("");
    },
  );
  const first = useAccountChange(
    () => answer(api.POST("/api/v1/password/forgot", { body: { email: account.email } })),
    t("A link is on its way to {{email}}", { email: account.email }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (old && next) change.mutate();
  };
  const since =
    account.password_changed &&
    new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(new Date(account.password_changed));
  if (!account.has_password) {
    return (
      <Panel title={t("Password")} lead={t("You sign in with Microsoft, and have none.")}>
        <ProblemNotice error={first.error} />
        <Text>{t("A link that sets a password is sent to your e-mail address, if you want one as well.")}</Text>
        <Button className={styles.save} disabledFocusable={first.isPending} onClick={() => first.mutate()}>
          {t("Send the link")}
        </Button>
      </Panel>
    );
  }
  return (
    <Panel
      title={t("Password")}
      lead={since && t("In force since {{since}}. Trusted devices ask for a code again after a change.", { since })}
    >
      <form className={styles.form} onSubmit={submit}>
        <ProblemNotice error={change.error} />
        <PasswordField label={t("Present password")} autoComplete="current-password" value={old} onChange={setOld} />
        <PasswordField label={t("New password")} autoComplete="new-password" value={next} onChange={setNext} />
        {next && (
          <PasswordMeter
            password={next}
            about={[account.first_name, account.last_name, account.company, account.email]}
          />
        )}
        <Button type="submit" className={styles.save} disabledFocusable={!old || !next || change.isPending}>
          {change.isPending ? t("Saving …") : t("Change the password")}
        </Button>
      </form>
    </Panel>
  );
}
