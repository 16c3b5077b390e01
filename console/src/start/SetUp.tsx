/**
 * The checklist of setting up: what is done, what is next, and the way to it.
 */
import { makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircle24Filled, Circle24Regular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { ButtonTo } from "../components/links";
import { Panel } from "../components/Panel";
import { stepWords } from "./stepWords";
import type { Step } from "./steps";

const useStyles = makeStyles({
  steps: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  step: {
    display: "grid",
    gridTemplateColumns: "24px minmax(0, 1fr) auto",
    gap: "4px 16px",
    alignItems: "center",
    padding: "16px 0",
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    "@media (max-width: 560px)": { gridTemplateColumns: "24px minmax(0, 1fr)" },
  },
  words: { display: "flex", flexDirection: "column", gap: "2px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  done: { color: tokens.colorPaletteGreenForeground1 },
  open: { color: tokens.colorNeutralForeground3 },
  act: { "@media (max-width: 560px)": { gridColumn: "2", justifySelf: "start", marginTop: "8px" } },
  progress: { maxWidth: "240px" },
});

export function SetUp({ steps }: { steps: Step[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const count = steps.filter(({ done }) => done).length;
  const next = steps.find(({ done }) => !done)?.name;
  return (
    <Panel title={t("Set up")} lead={t("{{done}} of {{all}} done", { done: count, all: steps.length })}>
      <ProgressBar
        className={styles.progress}
        value={count}
        max={steps.length}
        thickness="large"
        aria-label={t("Set up")}
      />
      <ol className={styles.steps}>
        {steps.map(({ name, done }) => {
          const { title, text, action, needs, to } = stepWords(name, t);
          return (
            <li key={name} className={styles.step}>
              {done ? (
                <CheckmarkCircle24Filled className={styles.done} aria-label={t("Done")} />
              ) : (
                <Circle24Regular className={styles.open} aria-label={t("To do")} />
              )}
              <span className={styles.words}>
                <Text weight="semibold">{title}</Text>
                {!done && <Text className={styles.quiet}>{text}</Text>}
              </span>
              {!done && action && needs && tenant.may(needs) && to && (
                <ButtonTo
                  className={styles.act}
                  appearance={name === next ? "primary" : "secondary"}
                  to={to}
                  params={{ tenant: tenant.id }}
                >
                  {action}
                </ButtonTo>
              )}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
