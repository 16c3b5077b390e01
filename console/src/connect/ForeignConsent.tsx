/**
 * After a consent that this browser did not ask for: somebody was sent the link, or it is too old.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { AccountFrame } from "../account/AccountFrame";
import { LinkTo } from "../components/links";
import { CopyButton } from "./copying";

const useStyles = makeStyles({
  copy: { display: "flex" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function ForeignConsent({ refused }: { refused: boolean }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const foot = <LinkTo to="/">{t("Go to Signet")}</LinkTo>;
  if (refused) {
    return (
      <AccountFrame
        title={t("Consent was not given")}
        lead={t("Nothing was changed. Whoever sent you the link can ask again.")}
        foot={foot}
      />
    );
  }
  return (
    <AccountFrame
      title={t("Back from Microsoft")}
      lead={t("Consent was asked for in another browser, or more than an hour ago.")}
      foot={foot}
    >
      <Text>
        {t(
          "If somebody sent you the link, send them the address of this page: they enter it where they made the link. Without it Signet finds out by itself, at its next read of the directory.",
        )}
      </Text>
      <div className={styles.copy}>
        <CopyButton text={window.location.href} label={t("Copy the address of this page")} shown="label" />
      </div>
      <Text size={200} className={styles.quiet}>
        {t("If it was you, and long ago, ask again on the page Connection.")}
      </Text>
    </AccountFrame>
  );
}
