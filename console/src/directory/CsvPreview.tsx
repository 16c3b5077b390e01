/**
 * What a CSV file would change: who comes, who changes, who goes, and what its columns were taken for.
 */
import { Badge, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { factInWords } from "../signatures/factsInWords";

const SHOWN = 20;

const useStyles = makeStyles({
  parts: { display: "flex", flexDirection: "column", gap: "16px" },
  counts: { display: "flex", flexWrap: "wrap", gap: "8px" },
  columns: { display: "flex", flexWrap: "wrap", gap: "4px 16px", color: tokens.colorNeutralForeground2 },
  list: { margin: 0, paddingLeft: "20px" },
});

export function CsvPreview({ taken }: { taken: Schemas["CsvTaken"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const changed = Object.entries(taken.changed);
  const lines = [
    ...taken.new.map((id) => t("{{id}} is new", { id })),
    ...changed.map(([id, facts]) =>
      t("{{id}} changes: {{facts}}", { id, facts: facts.map((fact) => factInWords(fact, t)).join(", ") }),
    ),
    ...taken.gone.map((id) => t("{{id}} goes", { id })),
  ];
  return (
    <div className={styles.parts}>
      <div className={styles.counts}>
        <Badge appearance="tint" color="success">
          {t("{{number}} new", { number: taken.new.length })}
        </Badge>
        <Badge appearance="tint" color="warning">
          {t("{{number}} change", { number: changed.length })}
        </Badge>
        <Badge appearance="tint" color="danger">
          {t("{{number}} go", { number: taken.gone.length })}
        </Badge>
        <Badge appearance="tint" color="informative">
          {t("{{number}} stay as they are", { number: taken.same })}
        </Badge>
      </div>
      <div className={styles.columns}>
        {Object.entries(taken.columns).map(([heading, fact]) => (
          <Text key={heading} size={200}>
            {fact
              ? t("“{{heading}}” is {{fact}}", { heading, fact: factInWords(fact, t) })
              : t("“{{heading}}” is left out", { heading })}
          </Text>
        ))}
      </div>
      {lines.length > 0 && (
        <ul className={styles.list}>
          {lines.slice(0, SHOWN).map((line) => (
            <li key={line}>{line}</li>
          ))}
          {lines.length > SHOWN && <li>{t("and {{number}} more", { number: lines.length - SHOWN })}</li>}
        </ul>
      )}
    </div>
  );
}
