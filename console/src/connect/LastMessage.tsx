/**
 * The newest message of the tenant: when it came, whether it was signed, and the reason in words if not.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { decisionsQuery, signaturesQuery } from "../api/tenant";
import { LinkTo } from "../components/links";
import { OutcomeBadge } from "../mail/OutcomeBadge";
import { nextInWords, outcomeOf, type Decision } from "../mail/outcome";
import { leftInWords } from "../mail/shares";

const useStyles = makeStyles({
  message: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "start",
    justifyContent: "space-between",
    gap: "8px 16px",
    padding: "16px 20px",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  words: { display: "flex", flexDirection: "column", gap: "4px", flex: "1 1 240px", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  lastMail: string;
  lastSigned?: string | null;
}

export function LastMessage({ lastMail, lastSigned }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const may = tenant.may("decisions:read");
  const decisions = useQuery({ ...decisionsQuery(tenant.id, {}, 1), enabled: may, refetchInterval: 10_000 });
  const moment = (when: string) =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(when));
  const newest = decisions.data?.decisions[0];
  return (
    <>
      <Text>{t("Mail of your organisation comes through Signet and goes back to Microsoft 365.")}</Text>
      <div className={styles.message} role="status">
        <span className={styles.words}>
          <Text weight="semibold">{t("Newest message: {{when}}", { when: moment(newest?.time ?? lastMail) })}</Text>
          {newest && (
            <Text>
              {t("{{sender}} to {{recipients}}", {
                sender: newest.sender || t("nobody (a report)"),
                recipients: newest.recipients.join(", "),
              })}
            </Text>
          )}
          {newest ? (
            <What decision={newest} />
          ) : (
            <Text className={styles.quiet}>
              {lastSigned
                ? t("Newest signed message: {{when}}", { when: moment(lastSigned) })
                : decisions.data
                  ? t("Whether it was signed is not known: your organisation keeps no records.")
                  : t("None of the last messages was signed.")}
            </Text>
          )}
        </span>
        {newest && <OutcomeBadge kind={outcomeOf(newest).kind} />}
      </div>
      {may && (
        <Text>
          <LinkTo to="/t/$tenant/mail" params={{ tenant: tenant.id }}>
            {t("All messages")}
          </LinkTo>
        </Text>
      )}
    </>
  );
}

/** By which signatures it was signed, or why it was not. */
function What({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const signatures = useQuery({ ...signaturesQuery(tenant.id), enabled: tenant.may("signatures:read") });
  const { kind, signatures: used, reasons, wouldBe } = outcomeOf(decision);
  const next = nextInWords(kind, t);
  if (next) return <Text className={styles.quiet}>{next}</Text>;
  const names = new Map(signatures.data?.signatures.map(({ id, name }) => [id, name || id]));
  const nameOf = (id: string) => names.get(id) ?? id;
  if (kind === "signed") {
    const list = used.map(nameOf).join(", ");
    return <Text className={styles.quiet}>{t("Signed by {{signatures}}.", { signatures: list })}</Text>;
  }
  return (
    <>
      <Text className={styles.quiet}>{leftInWords(reasons, wouldBe, nameOf, t)}</Text>
      {reasons.includes("observe") && (
        <Text className={styles.quiet}>{t("That is right for now: change the mode below when you are ready.")}</Text>
      )}
    </>
  );
}
