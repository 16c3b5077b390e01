/**
 * What surrounds a column or a frame: background, border, corners, and a thick line on one side.
 */
import { Switch } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Bar, Frame } from "../design/types";
import { SIDES } from "../fields/choices";
import { ColourField } from "../fields/ColourField";
import { NumberField } from "../fields/NumberField";
import { SegmentedField } from "../fields/SegmentedField";
import { Pair, Section } from "./Section";

export function FrameFields({
  value,
  onChange,
}: {
  value: Frame | null | undefined;
  onChange: (frame?: Frame) => void;
}) {
  const { t } = useTranslation();
  const frame = value ?? {};
  const set = (keys: Partial<Frame>) => {
    const said = Object.entries({ ...frame, ...keys }).filter(([, one]) => one !== undefined && one !== null);
    onChange(said.length > 0 ? Object.fromEntries(said) : undefined);
  };
  return (
    <Section title={t("Frame")}>
      <ColourField
        label={t("Background")}
        value={frame.background}
        empty={t("None")}
        onChange={(background) => set({ background })}
      />
      <ColourField label={t("Border")} value={frame.border} empty={t("None")} onChange={(border) => set({ border })} />
      <Pair>
        <NumberField
          label={t("Padding")}
          value={frame.padding}
          least={0}
          most={60}
          empty="0"
          onChange={(padding) => set({ padding })}
        />
        <NumberField
          label={t("Left and right")}
          value={frame.sides}
          least={0}
          most={60}
          empty={t("The same")}
          onChange={(sides) => set({ sides })}
        />
        <NumberField
          label={t("Corners")}
          value={frame.radius}
          least={0}
          most={40}
          empty="0"
          onChange={(radius) => set({ radius })}
        />
      </Pair>
      <Switch
        label={t("A thick line on one side")}
        checked={frame.bar != null}
        onChange={(_, { checked }) =>
          set({ bar: checked ? { side: "left", colour: "#00635d", thickness: 4 } : undefined })
        }
      />
      {frame.bar && <BarFields value={frame.bar} onChange={(bar) => set({ bar })} />}
    </Section>
  );
}

function BarFields({ value, onChange }: { value: Bar; onChange: (bar: Bar) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <SegmentedField
        label={t("Side")}
        choices={SIDES}
        value={value.side}
        onChange={(side) => onChange({ ...value, side })}
      />
      <ColourField
        label={t("Colour of the line")}
        value={value.colour}
        onChange={(colour) => colour && onChange({ ...value, colour })}
      />
      <NumberField
        label={t("Thickness")}
        value={value.thickness}
        least={1}
        most={12}
        onChange={(thickness) => thickness !== undefined && onChange({ ...value, thickness })}
      />
    </>
  );
}
