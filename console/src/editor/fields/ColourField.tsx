/**
 * A colour: one of the brand's by a click, or any by its number or the picker of the system.
 */
import { Button, Input, makeStyles, mergeClasses, tokens, Tooltip } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { createContext, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BrandKit } from "../design/brandKit";
import { FieldGroup } from "./FieldGroup";

/** What the signatures of the organisation use. */
export const BrandKitContext = createContext<BrandKit>({ colours: [], fonts: [] });

const useStyles = makeStyles({
  row: { display: "flex", gap: "6px", alignItems: "center" },
  well: {
    width: "32px",
    height: "24px",
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: "transparent",
    cursor: "pointer",
    flexShrink: 0,
  },
  none: { opacity: 0.35 },
  code: { minWidth: 0, flexGrow: 1 },
  brand: { display: "flex", flexWrap: "wrap", gap: "4px", marginTop: "6px" },
  swatch: {
    width: "24px",
    height: "24px",
    padding: 0,
    borderRadius: "50%",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    cursor: "pointer",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
  chosen: { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: "1px" },
});

interface Props {
  label: string;
  value: string | null | undefined;
  onChange: (colour: string | undefined) => void;
  /** It may be left out; what holds then. */
  empty?: string;
  /** Without the brand's colours below. */
  brief?: boolean;
}

export function ColourField({ label, value, onChange, empty, brief = false }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { colours } = useContext(BrandKitContext);
  const [typed, setTyped] = useState<string | null>(null);

  const type = (text: string) => {
    setTyped(text);
    const colour = text.startsWith("#") ? text : `#${text}`;
    if (/^#[0-9a-f]{6}$/i.test(colour)) onChange(colour.toLowerCase());
    if (text === "" && empty !== undefined) onChange(undefined);
  };

  return (
    <FieldGroup label={label}>
      <div className={styles.row}>
        <input
          type="color"
          className={mergeClasses(styles.well, !value && styles.none)}
          aria-label={t("{{colour}}: pick", { colour: label })}
          value={value ?? "#000000"}
          onChange={(event) => onChange(event.target.value)}
        />
        <Input
          aria-label={label}
          size="small"
          className={styles.code}
          value={typed ?? value ?? ""}
          placeholder={empty ?? "#1a2b3c"}
          onChange={(_, { value: text }) => type(text)}
          onBlur={() => setTyped(null)}
        />
        {empty !== undefined && value && (
          <Tooltip content={t("No colour of its own")} relationship="label">
            <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={() => onChange(undefined)} />
          </Tooltip>
        )}
      </div>
      {!brief && colours.length > 0 && (
        <div className={styles.brand} role="group" aria-label={t("Colours of your signatures")}>
          {colours.map((colour) => (
            <button
              key={colour}
              type="button"
              className={mergeClasses(styles.swatch, colour === value?.toLowerCase() && styles.chosen)}
              style={{ backgroundColor: colour }}
              aria-label={colour}
              aria-pressed={colour === value?.toLowerCase()}
              onClick={() => onChange(colour)}
            />
          ))}
        </div>
      )}
    </FieldGroup>
  );
}
