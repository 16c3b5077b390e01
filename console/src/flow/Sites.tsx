/**
 * What each site has taken.
 */
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { latencyInWords } from "./latency";
import type { Statistics } from "./queries";

const useStyles = makeStyles({
  around: { overflowX: "auto" },
  grid: { width: "100%", borderCollapse: "collapse", fontVariantNumeric: "tabular-nums" },
  cell: { padding: "8px", textAlign: "end", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
  first: { textAlign: "start", paddingLeft: 0 },
});

export function Sites({ sites }: Pick<Statistics, "sites">) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const number = (value: number) => value.toLocaleString(i18n.language);
  const columns = [t("Messages"), t("Signed"), t("Put off"), t("95 of 100 within")];
  return (
    <div className={styles.around} tabIndex={0} role="region" aria-label={t("Messages by site")}>
      <table className={styles.grid}>
        <thead>
          <tr>
            <th scope="col" className={mergeClasses(styles.cell, styles.head, styles.first)}>
              {t("Site")}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className={mergeClasses(styles.cell, styles.head)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sites.map(({ site, messages, signed, deferred, latency }) => (
            <tr key={site}>
              <th scope="row" className={mergeClasses(styles.cell, styles.first)}>
                {site}
              </th>
              <td className={styles.cell}>{number(messages)}</td>
              <td className={styles.cell}>{number(signed)}</td>
              <td className={styles.cell}>{number(deferred)}</td>
              <td className={styles.cell}>{latency ? latencyInWords(latency.p95, i18n.language) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
