/**
 * How text looks: what is left open is taken from around it.
 */
import { makeStyles, ToggleButton, Toolbar, Tooltip } from "@fluentui/react-components";
import { TextItalicRegular, TextUnderlineRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { tidyStyle } from "../design/look";
import type { Style } from "../design/types";
import { ColourField } from "./ColourField";
import { FontField } from "./FontField";
import type { Choice } from "./choices";
import { NumberField } from "./NumberField";
import { SegmentedField } from "./SegmentedField";

const WEIGHTS: Choice<"inherited" | "normal" | "bold">[] = [
  { value: "inherited", label: "Inherited" },
  { value: "normal", label: "Normal" },
  { value: "bold", label: "Bold" },
];

const useStyles = makeStyles({
  pair: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: "12px" },
  toggles: { padding: 0, gap: "4px" },
});

interface Props {
  value: Style | undefined;
  onChange: (style: Style | undefined) => void;
  /** What holds where nothing is said: “as around it”, or “Arial”. */
  inherited?: string;
  /** For a few words: no line height. */
  inline?: boolean;
}

export function StyleFields({ value, onChange, inherited, inline = false }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const style = value ?? {};
  const empty = inherited ?? t("As around it");
  const set = (keys: Partial<Style>) => onChange(tidyStyle({ ...style, ...keys }));
  return (
    <>
      <FontField value={style.font} empty={empty} onChange={(font) => set({ font })} />
      <ColourField label={t("Text colour")} value={style.colour} empty={empty} onChange={(colour) => set({ colour })} />
      <div className={styles.pair}>
        <NumberField
          label={t("Size")}
          value={style.size}
          least={6}
          most={72}
          empty="–"
          onChange={(size) => set({ size })}
        />
        {!inline && (
          <NumberField
            label={t("Line height")}
            unit="%"
            value={style.leading}
            least={100}
            most={250}
            empty="140"
            onChange={(leading) => set({ leading })}
          />
        )}
        <NumberField
          label={t("Letter spacing")}
          value={style.tracking}
          least={0}
          most={8}
          empty="0"
          onChange={(tracking) => set({ tracking })}
        />
      </div>
      <SegmentedField
        label={t("Weight")}
        choices={WEIGHTS}
        value={style.weight ?? "inherited"}
        onChange={(weight) => set({ weight: weight === "inherited" ? undefined : weight })}
      />
      <Toolbar aria-label={t("Emphasis")} size="small" className={styles.toggles}>
        <Toggle
          label={t("Italic")}
          icon={<TextItalicRegular />}
          on={style.italic === true}
          onChange={(on) => set({ italic: on || undefined })}
        />
        <Toggle
          label={t("Underlined")}
          icon={<TextUnderlineRegular />}
          on={style.underline === true}
          onChange={(on) => set({ underline: on || undefined })}
        />
      </Toolbar>
    </>
  );
}

interface ToggleProps {
  label: string;
  icon: React.ReactElement;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Toggle({ label, icon, on, onChange }: ToggleProps) {
  return (
    <Tooltip content={label} relationship="label">
      <ToggleButton
        size="small"
        appearance="subtle"
        icon={icon}
        checked={on}
        // The text keeps its selection.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onChange(!on)}
      />
    </Tooltip>
  );
}
