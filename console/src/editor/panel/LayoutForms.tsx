/**
 * The forms of what holds other blocks: columns, one column, frames, conditions.
 */
import { Body1, Button, Switch } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useCanvasActions } from "../canvas/puck";
import { itemsIn, type Item } from "../design/puckData";
import type { Bar, Column, Frame } from "../design/types";
import { ALIGNMENTS, SIDES, VERTICALS } from "../fields/choices";
import { ColourField } from "../fields/ColourField";
import { FactTestsField } from "../fields/FactTestsField";
import { NumberField } from "../fields/NumberField";
import { SegmentedField } from "../fields/SegmentedField";
import type { BlockForm, FormOf } from "./form";
import { Pair, Section } from "./Section";

const WIDEST = 1200;

export function ColumnsForm({ block, set, item }: BlockForm<"columns"> & { item: Item }) {
  const { t } = useTranslation();
  const { insert } = useCanvasActions();
  const zone = `${item.props.id}:columns`;
  return (
    <Section>
      <Button
        icon={<AddRegular />}
        onClick={() => insert("column", { zone, index: itemsIn(item, "columns").length })}
      >
        {t("Add a column")}
      </Button>
      <Pair>
        <NumberField label={t("Space between")} value={block.gap} least={0} most={200} onChange={(gap) => set({ gap })} />
        <NumberField
          label={t("Width")}
          value={block.width}
          least={1}
          most={WIDEST}
          empty={t("By content")}
          onChange={(width) => set({ width })}
        />
      </Pair>
      <SegmentedField label={t("Align")} choices={ALIGNMENTS} value={block.align} onChange={(align) => set({ align })} />
    </Section>
  );
}

export function ColumnForm({ block, set }: FormOf<Column>) {
  const { t } = useTranslation();
  return (
    <>
      <Section>
        <NumberField
          label={t("Width")}
          value={block.width}
          least={1}
          most={WIDEST}
          empty={t("By content")}
          onChange={(width) => set({ width })}
        />
        <SegmentedField
          label={t("Content stands at the")}
          choices={VERTICALS}
          value={block.vertical}
          onChange={(vertical) => set({ vertical })}
        />
        <ColourField
          label={t("Line on its left")}
          value={block.rule}
          empty={t("No line")}
          onChange={(rule) => set({ rule })}
        />
      </Section>
      <FrameFields value={block.frame} onChange={(frame) => set({ frame })} />
    </>
  );
}

export function RowsForm({ block, set }: BlockForm<"rows">) {
  const { t } = useTranslation();
  return (
    <>
      <Section>
        <Pair>
          <NumberField label={t("Space between")} value={block.gap} least={0} most={200} onChange={(gap) => set({ gap })} />
          <NumberField
            label={t("Width")}
            value={block.width}
            least={1}
            most={WIDEST}
            empty={t("By content")}
            onChange={(width) => set({ width })}
          />
        </Pair>
        <SegmentedField label={t("Align")} choices={ALIGNMENTS} value={block.align} onChange={(align) => set({ align })} />
      </Section>
      <FrameFields value={block.frame} onChange={(frame) => set({ frame })} />
    </>
  );
}

export function IfForm({ block, set }: BlockForm<"if">) {
  const { t } = useTranslation();
  return (
    <Section>
      <Body1>{t("The blocks in it are drawn for people of whom all of this is true, those below for all others.")}</Body1>
      <FactTestsField label={t("When")} value={block.when} onChange={(when) => set({ when })} />
    </Section>
  );
}

function FrameFields({ value, onChange }: { value: Frame | null | undefined; onChange: (frame?: Frame) => void }) {
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
        <NumberField label={t("Padding")} value={frame.padding} least={0} most={60} empty="0" onChange={(padding) => set({ padding })} />
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
        onChange={(_, { checked }) => set({ bar: checked ? { side: "left", colour: "#00635d", thickness: 4 } : undefined })}
      />
      {frame.bar && <BarFields value={frame.bar} onChange={(bar) => set({ bar })} />}
    </Section>
  );
}

function BarFields({ value, onChange }: { value: Bar; onChange: (bar: Bar) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <SegmentedField label={t("Side")} choices={SIDES} value={value.side} onChange={(side) => onChange({ ...value, side })} />
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

