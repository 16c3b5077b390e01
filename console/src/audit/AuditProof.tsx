/**
 * Whether the log is as it was written: every entry carries a hash over itself and the one before it.
 */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Text, tokens } from "@fluentui/react-components";
import { ShieldCheckmarkRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { verificationQuery } from "./queries";

const useStyles = makeStyles({
  line: {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    padding: "12px 16px",
    marginBottom: "20px",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  icon: { fontSize: "24px", lineHeight: 0, color: tokens.colorPaletteGreenForeground1 },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
  bar: { marginBottom: "20px" },
});

export function AuditProof() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const { data } = useQuery(verificationQuery(tenant));
  if (!data) return null;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" });
  const number = (value: number) => value.toLocaleString(i18n.language);
  const { broken } = data;
  if (broken) {
    const what: Record<string, string> = {
      changed: t("Entry {{number}} is not what was written.", { number: number(broken.number) }),
      removed: t("Entry {{number}} was taken out.", { number: number(broken.number) }),
      added: t("Entry {{number}} was put in.", { number: number(broken.number) }),
    };
    return (
      <MessageBar intent="error" layout="multiline" className={styles.bar}>
        <MessageBarBody>
          <MessageBarTitle>{t("Somebody has tampered with this log.")}</MessageBarTitle>
          {what[broken.what]} {t("{{count, number}} entries before it are in order.", { count: data.acts })}{" "}
          {t("Export what is here, and tell whoever operates this Signet.")}
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (!data.since) return null;
  return (
    <div className={styles.line}>
      <span className={styles.icon} aria-hidden>
        <ShieldCheckmarkRegular />
      </span>
      <span className={styles.words}>
        <Text weight="semibold">{t("Unbroken since {{day}}", { day: day.format(new Date(data.since)) })}</Text>
        <Text size={200} className={styles.quiet}>
          {t("{{count, number}} entries, each sealed to the one before it.", { count: data.acts })}{" "}
          {t("The last is {{number}}, {{hash}}.", { number: number(data.number), hash: data.hash.slice(0, 12) })}
        </Text>
      </span>
    </div>
  );
}
