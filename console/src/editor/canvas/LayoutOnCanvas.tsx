/**
 * What holds other blocks on the canvas: columns, frames and conditions, with the places to drop blocks into.
 */
import type { SlotComponent } from "@puckeditor/core";
import type { CSSProperties, Ref } from "react";
import { useTranslation } from "react-i18next";
import { testInWords } from "../../signatures/factsInWords";
import { andList } from "../../signatures/lists";
import type { Align, FactTest, Frame } from "../design/types";
import { htmlAlign } from "./Cell";
import { useChosen, useOwnKeys } from "./puck";

const SIDES = { left: "flex-start", center: "center", right: "flex-end" };

interface ColumnsProps {
  columns: SlotComponent;
  gap?: number;
  width?: number | null;
  align?: Align;
}

export function ColumnsOnCanvas({ columns: Columns, gap = 12, width, align }: ColumnsProps) {
  return (
    <div style={{ display: "flex", justifyContent: SIDES[htmlAlign(align)] }}>
      <Columns
        className="columns"
        collisionAxis="x"
        style={{ display: "flex", gap, width: width ?? undefined, flex: width ? "none" : "0 1 auto" }}
      />
    </div>
  );
}

interface ColumnProps {
  blocks: SlotComponent;
  width?: number | null;
  vertical?: "top" | "middle" | "bottom";
  rule?: string | null;
  frame?: Frame | null;
  dragRef: Ref<HTMLDivElement> | null;
}

export function ColumnOnCanvas({ blocks: Blocks, width, vertical = "top", rule, frame, dragRef }: ColumnProps) {
  const justifyContent = { top: "flex-start", middle: "center", bottom: "flex-end" }[vertical];
  const line: CSSProperties = rule ? { borderInlineStart: `1px solid ${rule}`, paddingInlineStart: 12 } : {};
  return (
    <div
      ref={dragRef}
      className="column"
      style={{
        display: "flex",
        flexDirection: "column",
        justifyContent,
        width: width ?? undefined,
        flex: width ? "none" : "0 1 auto",
        ...line,
        ...frameCss(frame),
      }}
    >
      <Blocks className="slot" minEmptyHeight={56} collisionAxis="y" />
    </div>
  );
}

interface RowsProps {
  blocks: SlotComponent;
  gap?: number;
  width?: number | null;
  align?: Align;
  frame?: Frame | null;
}

export function RowsOnCanvas({ blocks: Blocks, gap = 0, width, align, frame }: RowsProps) {
  return (
    <div style={{ display: "flex", justifyContent: SIDES[htmlAlign(align)] }}>
      <div
        style={{
          width: width ?? undefined,
          boxSizing: "border-box",
          flex: width ? "none" : "0 1 auto",
          ...frameCss(frame),
        }}
      >
        <Blocks
          className="slot"
          minEmptyHeight={56}
          collisionAxis="y"
          style={{ display: "flex", flexDirection: "column", gap }}
        />
      </div>
    </div>
  );
}

interface IfProps {
  id: string;
  shown: SlotComponent;
  otherwise: SlotComponent;
  when: FactTest[];
}

/** What is for all others takes room only when there is something, or when the condition is chosen. */
export function IfOnCanvas({ id, shown: Shown, otherwise: Otherwise, when }: IfProps) {
  const { t, i18n } = useTranslation();
  const isChosen = useChosen()?.props.id === id;
  const others = useOwnKeys(id)?.otherwise as unknown[] | undefined;
  const condition = andList(
    when.map((test) => testInWords(test, t)),
    i18n.language,
  );
  return (
    <div className="condition">
      <div className="caption">
        {when.length > 0 ? t("For people {{condition}}", { condition }) : t("For nobody yet: add a test")}
      </div>
      <Shown className="slot" minEmptyHeight={40} collisionAxis="y" />
      {(isChosen || (others?.length ?? 0) > 0) && (
        <>
          <div className="caption">{t("For all others")}</div>
          <Otherwise className="slot" minEmptyHeight={28} collisionAxis="y" />
        </>
      )}
    </div>
  );
}

function frameCss(frame: Frame | null | undefined): CSSProperties {
  if (!frame) return {};
  const { background, border, radius, padding = 0, sides, bar } = frame;
  const css: CSSProperties = { padding: `${padding}px ${sides ?? padding}px` };
  if (background) css.backgroundColor = background;
  if (border) css.border = `1px solid ${border}`;
  if (radius) css.borderRadius = radius;
  if (bar) {
    const key = {
      left: "borderInlineStart",
      right: "borderInlineEnd",
      top: "borderTop",
      bottom: "borderBottom",
    } as const;
    css[key[bar.side]] = `${bar.thickness}px solid ${bar.colour}`;
  }
  return css;
}
