/**
 * A number of pixels or the like. What is typed counts as soon as it fits; what does not is put right when one leaves.
 */
import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";

interface Props {
  label: string;
  value: number | null | undefined;
  least: number;
  most: number;
  onChange: (value: number | undefined) => void;
  /** It may be left empty; shown then. */
  empty?: string;
  unit?: string;
  hint?: string;
}

export function NumberField({ label, value, least, most, onChange, empty, unit = "px", hint }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const fits = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;

  const type = (text: string) => {
    setTyped(text);
    if (fits(text)) onChange(Number(text));
    if (text === "" && empty !== undefined) onChange(undefined);
  };

  const leave = () => {
    if (typed !== null && typed !== "" && !fits(typed) && Number.isFinite(Number(typed))) {
      onChange(Math.min(most, Math.max(least, Math.round(Number(typed)))));
    }
    setTyped(null);
  };

  return (
    <Field label={label} hint={hint}>
      <Input
        type="number"
        size="small"
        min={least}
        max={most}
        value={typed ?? (value === null || value === undefined ? "" : String(value))}
        placeholder={empty}
        contentAfter={<span aria-hidden>{unit}</span>}
        onChange={(_, { value: text }) => type(text)}
        onBlur={leave}
      />
    </Field>
  );
}
