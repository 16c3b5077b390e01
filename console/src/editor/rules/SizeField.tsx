/**
 * A size of messages, typed in kilobytes and kept in octets.
 */
import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  value: number | null | undefined;
  onChange: (bytes: number | undefined) => void;
}

export function SizeField({ label, value, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const type = (text: string) => {
    setTyped(text);
    const kilobytes = Number(text);
    if (text === "") onChange(undefined);
    else if (Number.isFinite(kilobytes) && kilobytes >= 0) onChange(Math.round(kilobytes * 1000));
  };
  return (
    <Field label={label}>
      <Input
        type="number"
        min={0}
        style={{ maxWidth: 200 }}
        value={typed ?? (value == null ? "" : String(value / 1000))}
        placeholder={t("Any size")}
        contentAfter="kB"
        onChange={(_, { value: text }) => type(text)}
        onBlur={() => setTyped(null)}
      />
    </Field>
  );
}
