/**
 * The fonts of the brand, each shown in itself.
 */
import { makeStyles, Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { Panel } from "../components/Panel";
import { FontField, firstOf } from "../editor/fields/FontField";
import { MOST_FONTS } from "./faults";
import { RowButtons } from "./RowButtons";
import { useRowStyles } from "./rows";
import { swapped, without } from "./same";

const useStyles = makeStyles({
  shown: { fontSize: "20px", lineHeight: "28px" },
  add: { maxWidth: "420px" },
});

interface Props {
  fonts: string[];
  /** Absent: they are only looked at. */
  onChange?: (fonts: string[]) => void;
}

export function FontsPanel({ fonts, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rows = useRowStyles();
  const add = (font: string | undefined) => {
    const isKnown = fonts.some((known) => known.toLowerCase() === font?.toLowerCase());
    if (font && !isKnown) onChange?.([...fonts, font]);
  };
  return (
    <Panel
      title={t("Fonts")}
      lead={t("A mail is read with the fonts of whoever reads it: behind each stand others to take in its place.")}
    >
      {fonts.length === 0 ? (
        <Text className={rows.quiet}>{t("No fonts are kept yet.")}</Text>
      ) : (
        <ul className={rows.list}>
          {fonts.map((font, at) => (
            <li key={font} className={rows.row}>
              <span className={rows.words}>
                <span className={styles.shown} style={{ fontFamily: font }}>
                  {t("Kind regards from {{font}}, 0123456789", { font: firstOf(font) })}
                </span>
                <Text size={200} className={rows.quiet}>
                  {font}
                </Text>
              </span>
              {onChange && (
                <RowButtons
                  name={firstOf(font)}
                  onUp={at > 0 ? () => onChange(swapped(fonts, at - 1)) : undefined}
                  onDown={at < fonts.length - 1 ? () => onChange(swapped(fonts, at)) : undefined}
                  onRemove={() => onChange(without(fonts, at))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {onChange && fonts.length < MOST_FONTS && (
        <div className={styles.add}>
          <FontField
            key={fonts.length}
            size="medium"
            label={t("Add a font")}
            value={undefined}
            empty={t("Choose one, or type names")}
            onChange={add}
          />
        </div>
      )}
    </Panel>
  );
}
