/**
 * The forms of what holds other blocks: columns, one column, frames, conditions.
 */
import { Body1, Button } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useCanvasActions } from "../canvas/puck";
import { itemsIn, type Item } from "../design/puckData";
import type { Column } from "../design/types";
import { ALIGNMENTS, VERTICALS } from "../fields/choices";
import { ColourField } from "../fields/ColourField";
import { FactTestsField } from "../fields/FactTestsField";
import { NumberField } from "../fields/NumberField";
import { SegmentedField } from "../fields/SegmentedField";
import type { BlockForm, FormOf } from "./form";
import { FrameFields } from "./FrameFields";
import { Pair, Section } from "./Section";

const WIDEST = 1200;

export function ColumnsForm({ block, set, item }: BlockForm<"columns"> & { item: Item }) {
  const { t } = useTranslation();
  const { insert } = useCanvasActions();
  const zone = `${item.props.id}:columns`;
  return (
    <Section>
      <Button icon={<AddRegular />} onClick={() => insert("column", { zone, index: itemsIn(item, "columns").length })}>
        {t("Add a column")}
      </Button>
      <Pair>
        <NumberField
          label={t("Space between")}
          value={block.gap}
          least={0}
          most={200}
          onChange={(gap) => set({ gap })}
        />
        <NumberField
          label={t("Width")}
          value={block.width}
          least={1}
          most={WIDEST}
          empty={t("By content")}
          onChange={(width) => set({ width })}
        />
      </Pair>
      <SegmentedField
        label={t("Align")}
        choices={ALIGNMENTS}
        value={block.align}
        onChange={(align) => set({ align })}
      />
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
          <NumberField
            label={t("Space between")}
            value={block.gap}
            least={0}
            most={200}
            onChange={(gap) => set({ gap })}
          />
          <NumberField
            label={t("Width")}
            value={block.width}
            least={1}
            most={WIDEST}
            empty={t("By content")}
            onChange={(width) => set({ width })}
          />
        </Pair>
        <SegmentedField
          label={t("Align")}
          choices={ALIGNMENTS}
          value={block.align}
          onChange={(align) => set({ align })}
        />
      </Section>
      <FrameFields value={block.frame} onChange={(frame) => set({ frame })} />
    </>
  );
}

export function IfForm({ block, set }: BlockForm<"if">) {
  const { t } = useTranslation();
  return (
    <Section>
      <Body1>
        {t("The blocks in it are drawn for people of whom all of this is true, those below for all others.")}
      </Body1>
      <FactTestsField label={t("When")} value={block.when} onChange={(when) => set({ when })} />
    </Section>
  );
}
