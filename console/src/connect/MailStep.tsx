/**
 * The first message: waited for live, and when it has come, what became of it and why.
 */
import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { LastMessage } from "./LastMessage";
import type { ConnectionNow } from "./queries";

const useStyles = makeStyles({
  waiting: {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    padding: "20px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorBrandBackground2,
  },
  words: { display: "flex", flexDirection: "column", gap: "2px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  help: { display: "flex", flexDirection: "column", gap: "8px" },
  facts: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "minmax(160px, max-content) minmax(0, 1fr)",
    gap: "8px 24px",
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)", gap: "2px" },
  },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: "13px" },
  value: { margin: 0, "@media (max-width: 640px)": { marginBottom: "10px" } },
  checks: { alignSelf: "flex-start" },
});

interface Props {
  connection: ConnectionNow;
  /** Leads to the checks. */
  onChecks: () => void;
}

export function MailStep({ connection, onChecks }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  if (connection.last_mail) {
    return <LastMessage lastMail={connection.last_mail} lastSigned={connection.last_signed} />;
  }
  return (
    <>
      <Text>
        {t(
          "Write a message from a mailbox of {{organisation}} to an address outside, such as a private one. With a pilot group the author has to be in it.",
          { organisation: tenant.name },
        )}
      </Text>
      <div className={styles.waiting} role="status">
        <Spinner size="small" aria-hidden />
        <span className={styles.words}>
          <Text weight="semibold">{t("Waiting for the first message …")}</Text>
          <Text size={200} className={styles.quiet}>
            {t("This page looks every few seconds. It can be closed: the message is seen all the same.")}
          </Text>
        </span>
      </div>
      <section className={styles.help} aria-label={t("When nothing comes")}>
        <Text>
          {t(
            "The rules take up to an hour after the script. Nothing is lost meanwhile: what Signet does not take, Microsoft 365 tries again for a day. The message trace of the Exchange admin centre says where a message is:",
          )}
        </Text>
        <dl className={styles.facts}>
          {troubles(t).map(({ shown, means }) => [
            <dt key={shown} className={styles.code}>
              {shown}
            </dt>,
            <dd key={means} className={styles.value}>
              {means}
            </dd>,
          ])}
        </dl>
        <Button className={styles.checks} onClick={onChecks}>
          {t("Let Signet check")}
        </Button>
      </section>
    </>
  );
}

/** What a message trace shows, and what it means. */
const troubles = (t: (text: string) => string) => [
  { shown: "450 4.4.316", means: t("The edge cannot be reached on port 25. That is for the operator.") },
  { shown: "550 5.7.1", means: t("The edge does not know your organisation: is the domain proven with the right one?") },
  {
    shown: "451 4.7.1",
    means: t("Microsoft 365 does not take the mail back yet. If it stays so for an hour, look at the certificate’s name."),
  },
  { shown: "554 5.4.14", means: t("The rules were changed by hand. Run the script again.") },
];
