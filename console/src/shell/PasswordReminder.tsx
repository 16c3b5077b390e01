/**
 * Recommends a new password when the present one is as old as the operator says, three months if nothing is said. It can be
 * put off; it is never forced.
 */
import { Button, makeStyles, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { Dismiss20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../api/session";
import { LinkTo } from "../components/links";

const KEY = "signet.password-reminder-put-off";
const DAY = 24 * 60 * 60 * 1000;
const PUT_OFF_DAYS = 7;

const useStyles = makeStyles({ bar: { marginBottom: "20px" } });

export function PasswordReminder() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { password_reminder: due, password_reminder_days: days } = useSession();
  const [putOff, setPutOff] = useState(() => Number(localStorage.getItem(KEY)) > Date.now() - PUT_OFF_DAYS * DAY);
  if (!due || putOff) return null;
  const later = () => {
    localStorage.setItem(KEY, String(Date.now()));
    setPutOff(true);
  };
  return (
    <MessageBar intent="info" className={styles.bar} layout="multiline">
      <MessageBarBody>
        {t("Your password is older than {{days}} days. We recommend a new one.", { days: days ?? 90 })}{" "}
        <LinkTo to="/account">{t("Change it")}</LinkTo>
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button
            appearance="transparent"
            icon={<Dismiss20Regular />}
            aria-label={t("Remind me later")}
            onClick={later}
          />
        }
      />
    </MessageBar>
  );
}
