/**
 * The newest messages and what became of them.
 */
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Panel } from "../components/Panel";
import { LinkTo } from "../components/links";
import { OutcomeBadge } from "../mail/OutcomeBadge";
import { nextInWords, outcomeOf, type Decision } from "../mail/outcome";
import { reasonInWords } from "../mail/reasons";

const SHOWN = 6;

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  line: {
    display: "grid",
    gridTemplateColumns: "132px minmax(0, 1fr) auto",
    gap: "2px 16px",
    alignItems: "center",
    padding: "10px 0",
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr) auto" },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  time: { "@media (max-width: 640px)": { gridColumn: "1 / -1" } },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
});

export function RecentMessages({ decisions }: { decisions: Decision[] }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "short", timeStyle: "short" });
  return (
    <Panel
      title={t("Latest messages")}
      lead={decisions.length === 0 && t("None yet. As soon as one comes through it stands here, whatever the mode.")}
      actions={
        decisions.length > 0 && (
          <LinkTo to="/t/$tenant/flow" params={{ tenant: tenant.id }}>
            {t("Mail flow")}
          </LinkTo>
        )
      }
    >
      {decisions.length > 0 && (
        <ul className={styles.list}>
          {decisions.slice(0, SHOWN).map((decision) => {
            const { kind, reasons } = outcomeOf(decision);
            const why = nextInWords(kind, t) ?? (kind === "left" && reasons[0] && reasonInWords(reasons[0], t));
            return (
              <li key={decision.id} className={styles.line}>
                <Text size={200} className={mergeClasses(styles.quiet, styles.time)}>
                  {moment.format(new Date(decision.time))}
                </Text>
                <span className={styles.words}>
                  <Text>
                    {t("{{sender}} to {{recipients}}", {
                      sender: decision.sender,
                      recipients: decision.recipients.join(", "),
                    })}
                  </Text>
                  {why && (
                    <Text size={200} className={styles.quiet}>
                      {why}
                    </Text>
                  )}
                </span>
                <OutcomeBadge kind={kind} />
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
