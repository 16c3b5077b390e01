/**
 * What can be set of the block that is chosen; of the design as a whole while none is.
 */
import { Body1, Caption1, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { dataOf, useCanvas, useCanvasActions, useChosen, type Keys } from "../canvas/puck";
import { blockName } from "../design/blockNames";
import type { Item } from "../design/puckData";
import type { Block, Column, Design } from "../design/types";
import type { Choice } from "../fields/choices";
import { SegmentedField } from "../fields/SegmentedField";
import { StyleFields } from "../fields/StyleFields";
import { ColumnForm, ColumnsForm, IfForm, RowsForm } from "./LayoutForms";
import { PhotoForm, PictureForm } from "./PictureForms";
import { ButtonForm, DividerForm, HtmlForm, QrForm, SpacerForm } from "./SmallForms";
import { Remarks } from "./Remarks";
import { SocialForm } from "./SocialForm";
import { TextForm } from "./TextForm";
import { Section } from "./Section";

const DIRECTIONS: Choice<"ltr" | "rtl" | "auto">[] = [
  { value: "ltr", label: "Left to right" },
  { value: "rtl", label: "Right to left" },
  { value: "auto", label: "By name" },
];

const useStyles = makeStyles({
  head: { display: "flex", alignItems: "center", gap: "10px", padding: "16px 20px 0" },
  icon: { fontSize: "20px", color: tokens.colorBrandForeground1, display: "flex" },
  title: { margin: 0 },
  about: { margin: 0, padding: "4px 20px 0", color: tokens.colorNeutralForeground3 },
});

export function BlockPanel() {
  const chosen = useChosen();
  return chosen ? <OfItem key={chosen.props.id} item={chosen} /> : <OfDesign />;
}

function OfItem({ item }: { item: Item }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { change } = useCanvasActions();
  const { name, icon: Icon, about } = blockName(item.type);
  return (
    <>
      <div className={styles.head}>
        <span className={styles.icon}>
          <Icon aria-hidden />
        </span>
        <Subtitle1 as="h2" className={styles.title}>
          {t(name)}
        </Subtitle1>
      </div>
      <Caption1 as="p" block className={styles.about}>
        {t(about)}
      </Caption1>
      <Remarks id={item.props.id} />
      <FormOfItem item={item} set={(keys) => change(item.props.id, keys)} />
    </>
  );
}

function FormOfItem({ item, set }: { item: Item; set: (keys: Keys) => void }) {
  if (item.type === "column") return <ColumnForm block={item.props as unknown as Column} set={set} />;
  const block = { type: item.type, ...item.props } as unknown as Block;
  switch (block.type) {
    case "text":
    case "disclaimer":
      return <TextForm block={block} set={set} />;
    case "image":
    case "logo":
    case "banner":
      return <PictureForm block={block} set={set} />;
    case "photo":
      return <PhotoForm block={block} set={set} />;
    case "social":
      return <SocialForm block={block} set={set} />;
    case "button":
      return <ButtonForm block={block} set={set} />;
    case "qr":
      return <QrForm block={block} set={set} />;
    case "html":
      return <HtmlForm block={block} set={set} />;
    case "divider":
      return <DividerForm block={block} set={set} />;
    case "spacer":
      return <SpacerForm block={block} set={set} />;
    case "columns":
      return <ColumnsForm block={block} set={set} item={item} />;
    case "rows":
      return <RowsForm block={block} set={set} />;
    case "if":
      return <IfForm block={block} set={set} />;
  }
}

function OfDesign() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { change } = useCanvasActions();
  const { style, direction } = useCanvas(dataOf).root.props as Partial<Design>;
  return (
    <>
      <div className={styles.head}>
        <Subtitle1 as="h2" className={styles.title}>
          {t("The whole design")}
        </Subtitle1>
      </div>
      <Body1 as="p" block className={styles.about}>
        {t("Choose a block to change it. What is set here holds wherever a block says nothing else.")}
      </Body1>
      <Section title={t("Text")}>
        <StyleFields value={style} inherited={t("Default")} onChange={(to) => change(null, { style: to })} />
      </Section>
      <Section title={t("Direction")}>
        <SegmentedField
          label={t("The signature reads")}
          choices={DIRECTIONS}
          value={direction}
          onChange={(to) => change(null, { direction: to })}
        />
      </Section>
    </>
  );
}
