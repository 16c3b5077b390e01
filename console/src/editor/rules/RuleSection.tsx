/**
 * One question about who gets a signature, folded until it is wanted; what was refused of it is told in it.
 */
import {
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Caption1,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { faultInWords } from "../design/faults";
import type { Fault } from "../design/types";

const useStyles = makeStyles({
  section: {
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: "8px 12px",
    ":last-child": { borderBottom: "none" },
  },
  head: { display: "flex", flexDirection: "column", alignItems: "flex-start", padding: "4px 0" },
  about: { color: tokens.colorNeutralForeground3 },
  form: { display: "flex", flexDirection: "column", gap: "18px", padding: "8px 12px 20px" },
});

interface Props {
  value: string;
  title: string;
  about: string;
  faults: Fault[];
  children: ReactNode;
}

export function RuleSection({ value, title, about, faults, children }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <AccordionItem value={value} className={styles.section}>
      <AccordionHeader as="h2" expandIconPosition="end" size="large">
        <div className={styles.head}>
          <Subtitle2>
            {title} {faults.length > 0 && <Badge color="danger">{t("To put right")}</Badge>}
          </Subtitle2>
          <Caption1 className={styles.about}>{about}</Caption1>
        </div>
      </AccordionHeader>
      <AccordionPanel className={styles.form}>
        {faults.map((fault) => (
          <MessageBar key={fault.place + fault.detail} intent="error" layout="multiline">
            <MessageBarBody>{faultInWords(fault)}</MessageBarBody>
          </MessageBar>
        ))}
        {children}
      </AccordionPanel>
    </AccordionItem>
  );
}
