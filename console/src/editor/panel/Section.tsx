/**
 * A part of the panel: fields one under the other, below a heading; what is seldom wanted can be folded away.
 */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  section: {
    display: "flex",
    flexDirection: "column",
    gap: "14px",
    padding: "16px 20px",
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    "& > .fui-Button": { alignSelf: "flex-start" },
  },
  pair: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    alignItems: "start",
    gap: "12px",
    "& .fui-Input": { minWidth: 0, width: "100%" },
    "& .fui-Input__input": { minWidth: 0 },
  },
  title: { margin: 0 },
  folded: { borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, padding: "2px 8px" },
  inside: { display: "flex", flexDirection: "column", gap: "14px", padding: "4px 0 16px" },
});

export function Section({ title, children }: { title?: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={title}>
      {title && (
        <Subtitle2 as="h3" className={styles.title}>
          {title}
        </Subtitle2>
      )}
      {children}
    </section>
  );
}

export function Folded({ title, children }: { title: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <Accordion collapsible className={styles.folded}>
      <AccordionItem value="only">
        <AccordionHeader as="h3">{title}</AccordionHeader>
        <AccordionPanel className={styles.inside}>{children}</AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

/** Two fields side by side. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className={useStyles().pair}>{children}</div>;
}
