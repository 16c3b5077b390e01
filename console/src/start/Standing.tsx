/**
 * How things stand in four figures: mode, signatures, people, certificate.
 */
import { makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { directoryQuery, summaryQuery, type ModeNow, type SignatureEntry } from "../api/tenant";
import { endInWords, modeMeans, modeName, wordOf } from "../mode/modes";

const useStyles = makeStyles({
  figures: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(220px, 100%), 1fr))",
    gap: "16px",
  },
  figure: {
    display: "flex",
    flexDirection: "column",
    gap: "4px",
    padding: "20px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  label: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, fontSize: "24px", lineHeight: "32px", fontWeight: tokens.fontWeightSemibold },
  more: { margin: 0, color: tokens.colorNeutralForeground2, fontSize: "13px" },
});

interface Props {
  signatures: SignatureEntry[] | undefined;
  mode: ModeNow | undefined;
}

export function Standing({ signatures, mode }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const may = tenant.may("tenant:read");
  const { data: directory } = useQuery({ ...directoryQuery(tenant.id), enabled: may });
  const { data: summary } = useQuery({ ...summaryQuery(tenant.id), enabled: may });
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" });
  const word = mode && wordOf(mode.mode);
  const read = directory?.status;
  const used = signatures?.filter(({ enabled }) => enabled).length ?? 0;
  return (
    <dl className={styles.figures}>
      {word && (
        <Figure label={t("Mode")} value={modeName(word, t)}>
          {endInWords(mode.ends, t, i18n.language) ?? modeMeans(word, t)}
        </Figure>
      )}
      {signatures && (
        <Figure label={t("Signatures")} value={String(used)}>
          {t("switched on, of {{count}} signatures", { count: signatures.length })}
        </Figure>
      )}
      {read?.enabled && (
        <Figure label={t("People")} value={read.people.toLocaleString(i18n.language)}>
          {read.result
            ? t("read {{when}}", { when: date.format(new Date(read.result.ended_ms)) })
            : t("being read for the first time")}
        </Figure>
      )}
      {summary?.certificate_not_after && (
        <Figure label={t("Certificate")} value={date.format(new Date(summary.certificate_not_after))}>
          {t("until then your server knows Signet by it")}
        </Figure>
      )}
    </dl>
  );
}

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.figure}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.more}>{children}</dd>
    </div>
  );
}
