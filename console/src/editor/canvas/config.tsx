/**
 * The blocks as Puck knows them: how each is drawn on the canvas, what it is at first, and what it may hold.
 *
 * Puck's own form fields are not used: the panel is ours. It is told of the slots alone.
 */
import type { ComponentConfig, Config, SlotComponent } from "@puckeditor/core";
import type { ReactNode } from "react";
import { BLOCK_NAMES } from "../design/blockNames";
import { BASE, withStyle } from "../design/look";
import { newBlock, type Own } from "../design/newBlock";
import { slotsOf, toItem, type Item, type ItemType } from "../design/puckData";
import type { Block, BlockType, Design } from "../design/types";
import { ColumnOnCanvas, ColumnsOnCanvas, IfOnCanvas, RowsOnCanvas } from "./LayoutOnCanvas";
import { PhotoOnCanvas, PictureOnCanvas } from "./PictureOnCanvas";
import { useOwnKeys } from "./puck";
import { LookContext } from "./setting";
import {
  ButtonOnCanvas,
  DividerOnCanvas,
  HtmlOnCanvas,
  QrOnCanvas,
  SocialOnCanvas,
  SpacerOnCanvas,
} from "./SmallOnCanvas";
import { TextOnCanvas } from "./TextOnCanvas";

type Props = Record<string, unknown>;
type Drawing = (props: { id: string; block: Props; slots: Record<string, SlotComponent> }) => React.ReactElement;

/** A block whose keys are all its own, drawn by a component that takes it whole. */
const leaf =
  (Component: React.ComponentType<{ block: never; id: string }>, type: string): Drawing =>
  ({ id, block }) => <Component id={id} block={{ type, ...block } as never} />;

const DRAWINGS: Record<Exclude<ItemType, "column">, Drawing> = {
  text: leaf(TextOnCanvas, "text"),
  disclaimer: leaf(TextOnCanvas, "disclaimer"),
  image: leaf(PictureOnCanvas, "image"),
  logo: leaf(PictureOnCanvas, "logo"),
  banner: leaf(PictureOnCanvas, "banner"),
  photo: leaf(PhotoOnCanvas, "photo"),
  social: leaf(SocialOnCanvas, "social"),
  button: leaf(ButtonOnCanvas, "button"),
  qr: leaf(QrOnCanvas, "qr"),
  html: leaf(HtmlOnCanvas, "html"),
  divider: leaf(DividerOnCanvas, "divider"),
  spacer: leaf(SpacerOnCanvas, "spacer"),
  columns: ({ block, slots }) => <ColumnsOnCanvas {...block} columns={slots.columns!} />,
  rows: ({ block, slots }) => <RowsOnCanvas {...block} blocks={slots.blocks!} />,
  if: ({ id, block, slots }) => (
    <IfOnCanvas id={id} when={(block as { when: [] }).when} shown={slots.shown!} otherwise={slots.otherwise!} />
  ),
};

export function makeConfig(own: Own): Config {
  const types = Object.keys(DRAWINGS) as BlockType[];
  const components = Object.fromEntries(types.map((type) => [type, component(type, own)]));
  return {
    components: { ...components, column: columnComponent() },
    root: { render: Root as never },
  };
}

function Root({ children, style, direction }: Pick<Design, "style" | "direction"> & { children: ReactNode }) {
  return (
    <LookContext value={withStyle(BASE, style)}>
      <div dir={direction === "rtl" ? "rtl" : "ltr"}>{children}</div>
    </LookContext>
  );
}

function component(type: BlockType, own: Own): ComponentConfig {
  return {
    label: BLOCK_NAMES[type].name,
    defaultProps: firstProps(newBlock(type, own)),
    fields: slotFields(type),
    render: ({ puck: _puck, editMode: _mode, ...props }) => <Drawn type={type} props={props} />,
  };
}

function Drawn({ type, props }: { type: Exclude<ItemType, "column">; props: Props & { id: string } }) {
  const slots = slotsOf(type);
  const own = useOwnKeys(props.id) ?? props;
  const held = Object.fromEntries(slots.map((slot) => [slot, props[slot] as SlotComponent]));
  const block = Object.fromEntries(Object.entries(own).filter(([key]) => !slots.includes(key)));
  return DRAWINGS[type]({ id: props.id, block, slots: held });
}

/** It is a cell among others: Puck's own element around it would break the row. */
function columnComponent(): ComponentConfig {
  return {
    label: BLOCK_NAMES.column.name,
    inline: true,
    defaultProps: { blocks: [] },
    fields: slotFields("column"),
    render: ({ blocks, width, vertical, rule, frame, puck }) => (
      <ColumnOnCanvas {...{ width, vertical, rule, frame }} blocks={blocks as SlotComponent} dragRef={puck.dragRef} />
    ),
  };
}

/** Columns lie in columns, and nowhere else. */
function slotFields(type: string): ComponentConfig["fields"] {
  const rule = type === "columns" ? { allow: ["column"] } : { disallow: ["column"] };
  return Object.fromEntries(slotsOf(type).map((slot) => [slot, { type: "slot" as const, ...rule }]));
}

/** Puck gives ids to what is put, and to what is in it. */
function firstProps(block: Block): Props {
  const bare = ({ type, props: { id: _, ...props } }: Item): { type: string; props: Props } => ({
    type,
    props: { ...props, ...Object.fromEntries(slotsOf(type).map((slot) => [slot, (props[slot] as Item[]).map(bare)])) },
  });
  return bare(toItem(block)).props;
}
