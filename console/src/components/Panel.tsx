/**
 * A part of a page with a heading of its own.
 */
import { Body1, Card, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import { useId, type ReactNode } from "react";

const useStyles = makeStyles({
  panel: { padding: "24px", gap: "16px", boxShadow: "none", border: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", alignItems: "start", gap: "8px 16px" },
  words: { display: "flex", flexDirection: "column", gap: "2px" },
  lead: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

export function Panel({ title, lead, actions, children }: Props) {
  const styles = useStyles();
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <Card className={styles.panel}>
        <div className={styles.head}>
          <div className={styles.words}>
            <Subtitle1 as="h2" id={heading}>
              {title}
            </Subtitle1>
            {lead && <Body1 className={styles.lead}>{lead}</Body1>}
          </div>
          {actions}
        </div>
        {children}
      </Card>
    </section>
  );
}
