/**
 * A font: those of the organisation's signatures first, then those that every computer has.
 */
import { Combobox, Field, Option, OptionGroup } from "@fluentui/react-components";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { BrandKitContext } from "./ColourField";

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
}

/** The name that people know a list of fonts by. */
const firstOf = (font: string) => font.split(",")[0]?.trim() ?? font;

export function FontField({ value, onChange, empty }: Props) {
  const { t } = useTranslation();
  const { fonts } = useContext(BrandKitContext);
  const [typed, setTyped] = useState<string | null>(null);
  const others = SAFE.filter((font) => !fonts.includes(font));

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
    <Field label={t("Font")} hint={typed ? t("Names separated by commas, the preferred first") : undefined}>
      <Combobox
        size="small"
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
        {fonts.length > 0 && <OptionGroup label={t("Of your signatures")}>{fonts.map(option)}</OptionGroup>}
        <OptionGroup label={t("On every computer")}>{others.map(option)}</OptionGroup>
      </Combobox>
    </Field>
  );
}
