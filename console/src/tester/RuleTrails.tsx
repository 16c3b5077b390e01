/**
 * Every signature in the order in which it was tried, with what was asked and found; the last finding decides.
 */
import { Badge, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, DismissCircle16Regular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { RuleTrail } from "./explanation";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "16px" },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px" },
  notes: { margin: "6px 0 0", padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "4px" },
  note: { display: "flex", gap: "8px", alignItems: "flex-start" },
  sign: { flexShrink: 0, marginTop: "2px" },
  holds: { color: tokens.colorPaletteGreenForeground1 },
  fails: { color: tokens.colorNeutralForeground3 },
});

export function RuleTrails({ rules }: { rules: RuleTrail[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <ol className={styles.list}>
      {rules.map(({ id, name, used, notes }) => (
        <li key={id}>
          <div className={styles.head}>
            <Text weight="semibold">{name || id}</Text>
            <Badge appearance="tint" color={used ? "success" : "subtle"}>
              {used ? t("Used") : t("Not used")}
            </Badge>
          </div>
          <ul className={styles.notes}>
            {notes.map(({ section, holds, why }) => (
              <li key={section + why} className={styles.note}>
                {holds ? (
                  <CheckmarkCircle16Filled
                    className={mergeClasses(styles.sign, styles.holds)}
                    aria-label={t("Holds")}
                  />
                ) : (
                  <DismissCircle16Regular
                    className={mergeClasses(styles.sign, styles.fails)}
                    aria-label={t("Does not hold")}
                  />
                )}
                <Text>{why}</Text>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
