/**
 * The four modes to choose from, each with what it means.
 */
import { makeStyles, mergeClasses, Radio, RadioGroup, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { MODE_WORDS, modeMeans, modeName, type ModeWord } from "./modes";

const useStyles = makeStyles({
  choices: { display: "flex", flexDirection: "column", gap: "8px" },
  choice: {
    width: "100%",
    boxSizing: "border-box",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: "4px 12px 8px 4px",
    cursor: "pointer",
  },
  chosen: { border: `1px solid ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  name: { display: "block" },
  means: { display: "block", color: tokens.colorNeutralForeground2 },
});

interface Props {
  value: ModeWord;
  onChange: (word: ModeWord) => void;
}

export function ModeChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <RadioGroup
      aria-label={t("Mode")}
      className={styles.choices}
      value={value}
      onChange={(_, data) => onChange(data.value as ModeWord)}
    >
      {MODE_WORDS.map((word) => (
        <Radio
          key={word}
          value={word}
          className={mergeClasses(styles.choice, value === word && styles.chosen)}
          label={
            <>
              <Text weight="semibold" className={styles.name}>
                {modeName(word, t)}
              </Text>
              <Text size={200} className={styles.means}>
                {modeMeans(word, t)}
              </Text>
            </>
          }
        />
      ))}
    </RadioGroup>
  );
}
