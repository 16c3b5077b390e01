/**
 * What Signet does with the mail that comes through: the four modes, the one in force marked, and the switch.
 */
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { modeQuery } from "../api/tenant";
import { Panel } from "../components/Panel";
import { MODE_WORDS, endInWords, modeMeans, modeName, wordOf } from "../mode/modes";
import { ModeSwitch } from "../mode/ModeSwitch";

const useStyles = makeStyles({
  modes: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(200px, 100%), 1fr))",
    gap: "12px",
  },
  mode: {
    display: "flex",
    flexDirection: "column",
    gap: "4px",
    padding: "14px 16px",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  here: { border: `1px solid ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function ModePanel() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { data } = useQuery(modeQuery(tenant.id));
  if (!data) return null;
  const now = wordOf(data.value.mode);
  return (
    <Panel
      title={t("What Signet does with your mail")}
      lead={endInWords(data.value.ends, t, i18n.language) ?? t("A change is in force everywhere within a second.")}
      actions={<ModeSwitch />}
    >
      <ul className={styles.modes}>
        {MODE_WORDS.map((word) => (
          <li
            key={word}
            className={mergeClasses(styles.mode, word === now && styles.here)}
            aria-current={word === now ? "true" : undefined}
          >
            <Text weight="semibold">{modeName(word, t)}</Text>
            <Text size={200} className={styles.quiet}>
              {modeMeans(word, t)}
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
