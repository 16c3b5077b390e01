/**
 * What is most frequent, as bars that lead to the messages.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { LinkTo } from "../components/links";
import type { TraceSearch } from "../mail/search";
import { shareOf } from "./change";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "14px" },
  line: { display: "flex", justifyContent: "space-between", gap: "16px", alignItems: "baseline" },
  words: { overflowWrap: "anywhere", minWidth: 0 },
  number: { whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums", color: tokens.colorNeutralForeground2 },
  bar: { display: "block", width: "100%", height: "6px", marginTop: "6px" },
  ground: { fill: tokens.colorNeutralBackground4 },
  fill: { fill: tokens.colorBrandBackground },
});

export interface Share {
  words: string;
  messages: number;
  /** The messages that it leads to. */
  search: TraceSearch;
}

export function Shares({ shares, whole }: { shares: Share[]; whole: number }) {
  const { i18n } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  return (
    <ul className={styles.list}>
      {shares.map(({ words, messages, search }) => (
        <li key={words}>
          <span className={styles.line}>
            <LinkTo to="/t/$tenant/mail" params={{ tenant }} search={search} className={styles.words}>
              {words}
            </LinkTo>
            <Text size={200} className={styles.number}>
              {messages.toLocaleString(i18n.language)} · {shareOf(messages, whole, i18n.language)}
            </Text>
          </span>
          <svg className={styles.bar} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
            <rect className={styles.ground} width="100" height="6" rx="1" />
            <rect className={styles.fill} width={whole ? Math.max(0.5, (messages / whole) * 100) : 0} height="6" rx="1" />
          </svg>
        </li>
      ))}
    </ul>
  );
}
