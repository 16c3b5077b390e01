/**
 * A colour: one of the brand's or of the signatures' by a click, or any by its number or the picker of the system.
 */
import { makeStyles, mergeClasses, tokens, Tooltip } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { ColourInput } from "../../components/ColourInput";
import { FieldGroup } from "./FieldGroup";
import { useOffered } from "./offered";

const useStyles = makeStyles({
  swatches: { display: "flex", flexWrap: "wrap", gap: "4px", marginTop: "6px" },
  swatch: {
    width: "24px",
    height: "24px",
    padding: 0,
    borderRadius: "50%",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    cursor: "pointer",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
  ofBrand: { borderRadius: tokens.borderRadiusMedium },
  chosen: { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: "1px" },
});

interface Props {
  label: string;
  value: string | null | undefined;
  onChange: (colour: string | undefined) => void;
  /** It may be left out; what holds then. */
  empty?: string;
  /** Without the colours that are offered. */
  brief?: boolean;
}

export function ColourField({ label, value, onChange, empty, brief = false }: Props) {
  const { t } = useTranslation();
  const { brand, used } = useOffered();
  const named = brand.colours.map(({ name, colour }) => ({ name, colour: colour.toLowerCase() }));
  const others = used.colours.filter((colour) => named.every((one) => one.colour !== colour));
  const choice = { value, onChange };
  return (
    <FieldGroup label={label}>
      <ColourInput label={label} value={value} onChange={onChange} empty={empty} />
      {!brief && <Swatches {...choice} label={t("Colours of your brand")} colours={named} />}
      {!brief && (
        <Swatches {...choice} label={t("Colours of your signatures")} colours={others.map((colour) => ({ colour }))} />
      )}
    </FieldGroup>
  );
}

interface SwatchesProps {
  label: string;
  /** Those of the brand have names. */
  colours: { name?: string; colour: string }[];
  value: string | null | undefined;
  onChange: (colour: string) => void;
}

function Swatches({ label, colours, value, onChange }: SwatchesProps) {
  const styles = useStyles();
  if (colours.length === 0) return null;
  return (
    <div className={styles.swatches} role="group" aria-label={label}>
      {colours.map(({ name, colour }) => {
        const isChosen = colour === value?.toLowerCase();
        return (
          <Tooltip key={name ?? colour} content={name ?? colour} relationship="label">
            <button
              type="button"
              className={mergeClasses(styles.swatch, name !== undefined && styles.ofBrand, isChosen && styles.chosen)}
              style={{ backgroundColor: colour }}
              aria-pressed={isChosen}
              onClick={() => onChange(colour)}
            />
          </Tooltip>
        );
      })}
    </div>
  );
}
