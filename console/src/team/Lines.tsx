/**
 * A list of members, invitations or tokens: each with its picture, words, badges, and what can be done to it.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  line: {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    padding: "12px 16px",
    minHeight: "44px",
    ":not(:first-child)": { borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
    "@media (max-width: 640px)": { padding: "12px" },
  },
  words: { display: "flex", flexDirection: "column", gap: "2px", flexGrow: 1, minWidth: 0, overflowWrap: "anywhere" },
  name: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 8px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", flexShrink: 0, alignItems: "center", gap: "4px" },
});

export function Lines({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={useStyles().list} aria-label={label}>
      {children}
    </ul>
  );
}

interface LineProps {
  picture: ReactNode;
  name: string;
  badges?: ReactNode;
  /** Further lines, quieter. */
  more: ReactNode[];
  actions?: ReactNode;
}

export function Line({ picture, name, badges, more, actions }: LineProps) {
  const styles = useStyles();
  return (
    <li className={styles.line}>
      {picture}
      <div className={styles.words}>
        <span className={styles.name}>
          <Text weight="semibold">{name}</Text>
          {badges}
        </span>
        {more.map((text, at) => (
          <Text key={at} size={200} className={styles.quiet}>
            {text}
          </Text>
        ))}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </li>
  );
}
