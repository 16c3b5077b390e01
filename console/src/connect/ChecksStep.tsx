/**
 * The mail-flow doctor: what was looked at, what was found, and what to do about it.
 */
import { Button, makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { ProblemNotice } from "../components/ProblemNotice";
import { CheckRow } from "./CheckRow";
import { worstFirst } from "./checkWords";
import { Inspection } from "./Inspection";
import { checksQuery } from "./queries";

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: "8px 16px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  waiting: { display: "flex", flexDirection: "column", gap: "8px" },
  list: { listStyleType: "none", margin: 0, padding: 0 },
});

export function ChecksStep({ isReady }: { isReady: boolean }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const checks = useQuery(checksQuery(tenant.id));
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <>
      <div className={styles.head}>
        <Text className={styles.quiet}>
          {checks.data
            ? t("Looked at {{when}}", { when: time.format(new Date(checks.data.checked)) })
            : t("Signet looks at what lies between you, Microsoft 365 and those who get your mail.")}
        </Text>
        <Button
          icon={<ArrowClockwiseRegular />}
          disabledFocusable={checks.isFetching}
          onClick={() => void checks.refetch()}
        >
          {checks.isFetching ? t("Checking …") : t("Check again")}
        </Button>
      </div>
      {checks.isFetching && (
        <div className={styles.waiting} role="status">
          <ProgressBar aria-label={t("Checking the mail flow")} />
          <Text size={200} className={styles.quiet}>
            {t("This takes up to ten seconds.")}
          </Text>
        </div>
      )}
      <ProblemNotice error={checks.error} title={t("The checks could not be made")} />
      {checks.data && (
        <ul className={styles.list}>
          {worstFirst(checks.data.checks).map((check) => (
            <CheckRow key={`${check.check} ${check.subject}`} check={check} />
          ))}
        </ul>
      )}
      {tenant.may("tenant:write") && isReady && <Inspection />}
    </>
  );
}
