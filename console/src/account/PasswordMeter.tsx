/**
 * How good a new password is, as the server judges it while it is being typed: what it must have, and what would make it
 * better.
 */
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, DismissCircle16Filled, Lightbulb16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useDebounced } from "../components/useDebounced";

const useStyles = makeStyles({
  meter: { display: "flex", flexDirection: "column", gap: "8px", marginTop: "-8px" },
  bars: { display: "grid", gridTemplateColumns: "repeat(4, 1fr)", gap: "4px" },
  bar: { height: "4px", borderRadius: "2px", backgroundColor: tokens.colorNeutralStroke2 },
  weak: { backgroundColor: tokens.colorPaletteRedBackground3 },
  fair: { backgroundColor: tokens.colorPaletteMarigoldBackground3 },
  good: { backgroundColor: tokens.colorPaletteGreenBackground3 },
  lines: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "4px" },
  line: { display: "flex", gap: "6px", alignItems: "flex-start", fontSize: "13px", lineHeight: "18px" },
  sign: { flexShrink: 0, marginTop: "1px" },
  wrong: { color: tokens.colorPaletteRedForeground1 },
  right: { color: tokens.colorPaletteGreenForeground1 },
  advice: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  password: string;
  /** Names and addresses of the person, which should not be in it. */
  about: string[];
}

export function PasswordMeter({ password, about }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const typed = useDebounced(password, 250);
  const { data } = useQuery({
    queryKey: ["password-judgement", typed, about],
    queryFn: ({ signal }) => answer(api.POST("/api/v1/password/judge", { body: { password: typed, about }, signal })),
    enabled: typed.length > 0,
    gcTime: 0,
    placeholderData: (before) => before,
  });
  if (!password || !data) {
    return (
      <Text size={200} className={styles.advice}>
        {t(
          "Best are eight characters and more, in upper and lower case with digits and symbols such as + @ # $ £, that you use nowhere else and that are no birthday, date, name or address.",
        )}
      </Text>
    );
  }
  const colour = data.score < 2 ? styles.weak : data.score === 2 ? styles.fair : styles.good;
  return (
    <div className={styles.meter}>
      <div className={styles.bars} aria-hidden>
        {[1, 2, 3, 4].map((step) => (
          <span key={step} className={mergeClasses(styles.bar, step <= Math.max(1, data.score) && colour)} />
        ))}
      </div>
      <div role="status">
        <Text size={200} weight="semibold">
          {strength(data.score, t)}
        </Text>
        <ul className={styles.lines}>
          {data.problems.map((text) => (
            <li key={text} className={mergeClasses(styles.line, styles.wrong)}>
              <DismissCircle16Filled className={styles.sign} /> {text}
            </li>
          ))}
          {data.accepted && (
            <li className={mergeClasses(styles.line, styles.right)}>
              <CheckmarkCircle16Filled className={styles.sign} /> {t("It can be used.")}
            </li>
          )}
          {data.advice.map((text) => (
            <li key={text} className={mergeClasses(styles.line, styles.advice)}>
              <Lightbulb16Regular className={styles.sign} /> {text}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function strength(score: number, t: TFunction): string {
  return [t("Very weak"), t("Weak"), t("Fair"), t("Good"), t("Strong")][score] ?? "";
}
