/**
 * The frame of the pages before one is signed in: a card with the name of the product, one task, and quiet links below.
 */
import { Body1, Card, makeStyles, mergeClasses, Title2, tokens } from "@fluentui/react-components";
import { useEffect, type ReactNode } from "react";
import { Wordmark } from "../components/Wordmark";

const useStyles = makeStyles({
  page: {
    minHeight: "100vh",
    boxSizing: "border-box",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    padding: "clamp(24px, 9vh, 96px) 20px 32px",
    backgroundColor: tokens.colorNeutralBackground3,
    backgroundImage: `radial-gradient(1200px 480px at 50% -10%, ${tokens.colorBrandBackground2}, transparent)`,
    "@media (max-width: 480px)": { padding: "24px 16px" },
  },
  main: { width: "100%", maxWidth: "440px", marginTop: "28px" },
  card: {
    padding: "36px",
    gap: tokens.spacingVerticalXL,
    borderRadius: "16px",
    boxShadow: tokens.shadow16,
    "@media (max-width: 480px)": { padding: "28px 20px" },
  },
  wide: { maxWidth: "640px" },
  head: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  lead: { color: tokens.colorNeutralForeground2 },
  foot: {
    marginTop: tokens.spacingVerticalXXL,
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "center",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    textAlign: "center",
    color: tokens.colorNeutralForeground2,
  },
});

interface Props {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  children?: ReactNode;
  foot?: ReactNode;
}

export function AccountFrame({ title, lead, wide, children, foot }: Props) {
  const styles = useStyles();
  useEffect(() => {
    document.title = `${title} · Signet`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header>
        <Wordmark size="large" />
      </header>
      <main className={mergeClasses(styles.main, wide && styles.wide)}>
        <Card className={styles.card} appearance="filled">
          <div className={styles.head}>
            <Title2 as="h1">{title}</Title2>
            {lead && <Body1 className={styles.lead}>{lead}</Body1>}
          </div>
          {children}
        </Card>
      </main>
      {foot && <footer className={styles.foot}>{foot}</footer>}
    </div>
  );
}
