/**
 * A font: those of the brand first, then those of the signatures, then those that every computer has.
 */
import { Combobox, Field, Option, OptionGroup } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useOffered } from "./offered";

const SAFE = [
  "Arial, Helvetica, sans-serif",
  "Segoe UI, Helvetica Neue, Arial, sans-serif",
  "Aptos, Calibri, Arial, sans-serif",
  "Calibri, Arial, sans-serif",
  "Verdana, Geneva, sans-serif",
  "Tahoma, Arial, sans-serif",
  "Trebuchet MS, Tahoma, Arial, sans-serif",
  "Georgia, Times New Roman, serif",
  "Times New Roman, Georgia, serif",
  "Courier New, Courier, monospace",
];

interface Props {
  value: string | null | undefined;
  onChange: (font: string | undefined) => void;
  /** What holds where nothing is chosen. */
  empty: string;
  label?: string;
  size?: "small" | "medium";
}

/** The name that people know a list of fonts by. */
export const firstOf = (font: string) => font.split(",")[0]?.trim() ?? font;

export function FontField({ value, onChange, empty, label, size = "small" }: Props) {
  const { t } = useTranslation();
  const { brand, used } = useOffered();
  const [typed, setTyped] = useState<string | null>(null);
  const ofSignatures = used.fonts.filter((font) => !brand.fonts.includes(font));
  const others = SAFE.filter((font) => !brand.fonts.includes(font) && !used.fonts.includes(font));

  const choose = (text: string) => {
    setTyped(null);
    const font = text.trim();
    if (font === "") onChange(undefined);
    else if (/^[A-Za-z0-9 ,-]{1,200}$/.test(font)) onChange(font);
  };

  const option = (font: string) => (
    <Option key={font} value={font} text={font}>
      <span style={{ fontFamily: font }}>{firstOf(font)}</span>
    </Option>
  );

  return (
    <Field label={label ?? t("Font")} hint={typed ? t("Names separated by commas, the preferred first") : undefined}>
      <Combobox
        size={size}
        freeform
        style={{ minWidth: 0 }}
        value={typed ?? value ?? ""}
        selectedOptions={value ? [value] : []}
        placeholder={empty}
        onChange={(event) => setTyped(event.target.value)}
        onOptionSelect={(_, { optionValue }) => choose(optionValue ?? "")}
        onBlur={() => typed !== null && choose(typed)}
      >
        <Option value="" text="">
          {empty}
        </Option>
        {brand.fonts.length > 0 && (
          <OptionGroup label={t("Of your brand")}>{brand.fonts.map(option)}</OptionGroup>
        )}
        {ofSignatures.length > 0 && (
          <OptionGroup label={t("Of your signatures")}>{ofSignatures.map(option)}</OptionGroup>
        )}
        <OptionGroup label={t("On every computer")}>{others.map(option)}</OptionGroup>
      </Combobox>
    </Field>
  );
}
