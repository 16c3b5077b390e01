/**
 * Signatures that are not there yet: somebody has drawn them, and somebody who may is to publish them.
 */
import { makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import type { DraftSummary } from "../api/tenant";
import { LinkTo } from "../components/links";
import { DraftBadge } from "./DraftBadge";

const useStyles = makeStyles({
  section: { marginTop: "28px" },
  lead: { display: "block", color: tokens.colorNeutralForeground2, margin: "4px 0 12px" },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  row: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "4px 8px",
    padding: "14px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px dashed ${tokens.colorNeutralStroke2}`,
  },
  name: { fontWeight: tokens.fontWeightSemibold, fontSize: "15px", color: tokens.colorNeutralForeground1 },
  note: { flexBasis: "100%", color: tokens.colorNeutralForeground2 },
});

export function Proposals({ drafts }: { drafts: DraftSummary[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const heading = useId();
  const { id: tenant } = useTenant();
  if (drafts.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <Subtitle2 as="h2" id={heading}>
        {t("Proposals")}
      </Subtitle2>
      <Text className={styles.lead}>{t("Drawn, and not published yet: no mail is signed with them.")}</Text>
      <ul className={styles.list}>
        {drafts.map((draft) => (
          <li key={draft.signature} className={styles.row}>
            <LinkTo
              className={styles.name}
              to="/t/$tenant/signatures/$signature"
              params={{ tenant, signature: draft.signature }}
            >
              {draft.name || draft.signature}
            </LinkTo>
            <DraftBadge draft={draft} />
            {draft.note && <Text className={styles.note}>“{draft.note}”</Text>}
          </li>
        ))}
      </ul>
    </section>
  );
}
