/**
 * Where the draft is kept, in a few words.
 */
import { Caption1, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Kept } from "./draftKeeper";

const useStyles = makeStyles({
  words: { color: tokens.colorNeutralForeground3, whiteSpace: "nowrap" },
  warning: { color: tokens.colorStatusWarningForeground3 },
});

export function KeptState({ kept }: { kept: Kept }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const words = keptInWords(kept, t, i18n.language);
  const isWarning = kept.state === "offline" || kept.state === "refused" || kept.state === "lost";
  return (
    <Caption1 role="status" className={isWarning ? styles.warning : styles.words}>
      {words}
    </Caption1>
  );
}

export function keptInWords(
  kept: Kept,
  t: (text: string, values?: Record<string, unknown>) => string,
  language: string,
): string {
  switch (kept.state) {
    case "none":
      return "";
    case "saving":
      return t("Saving …");
    case "saved":
      return t("Saved {{time}}", { time: timeOf(kept.at, language) });
    case "offline":
      return t("No connection: kept in this browser");
    case "refused":
    case "conflict":
    case "lost":
      return t("Not saved");
  }
}

/** The time of day, with the date where it is not today's. */
function timeOf(at: string, language: string): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" })
    .format(time)
    .replace(/ /g, " ");
}
