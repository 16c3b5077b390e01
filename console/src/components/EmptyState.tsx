/**
 * What stands where nothing is yet: what would be here, and how to begin.
 */
import { Body1, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  box: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    gap: "12px",
    padding: "56px 24px",
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  icon: { fontSize: "40px", lineHeight: 0, color: tokens.colorBrandForeground1 },
  text: { color: tokens.colorNeutralForeground2, maxWidth: "52ch" },
  actions: { display: "flex", flexWrap: "wrap", justifyContent: "center", gap: "8px", marginTop: "8px" },
});

interface Props {
  icon: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}

export function EmptyState({ icon, title, text, children }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.box}>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <Subtitle1 as="h2" align="center">
        {title}
      </Subtitle1>
      <Body1 align="center" className={styles.text}>
        {text}
      </Body1>
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
