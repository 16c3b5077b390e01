/**
 * Text on the canvas. When its block is chosen it is edited in place, like in a word processor.
 */
import { registerOverlayPortal } from "@puckeditor/core";
import { useContext, useEffect, useRef, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { cssOf, SMALL_PRINT, withStyle, type Look } from "../design/look";
import { factName } from "../design/facts";
import { isField, type Field, type Line, type Span, type TextBlock } from "../design/types";
import { MergeText } from "../text/MergeText";
import { Cell } from "./Cell";
import { useCanvasActions, useChosen } from "./puck";
import { LookContext } from "./setting";

export function TextOnCanvas({ id, block }: { id: string; block: TextBlock }) {
  const base = useContext(LookContext);
  const look = withStyle(block.type === "disclaimer" ? withStyle(base, SMALL_PRINT) : base, block.style);
  const isChosen = useChosen()?.props.id === id;
  return (
    <Cell align={block.align} css={{ ...cssOf(look), ...leading(look) }}>
      {isChosen ? <EditedInPlace id={id} lines={block.lines} /> : <Lines lines={block.lines} look={look} />}
    </Cell>
  );
}

/** For words in a size of their own, whose lines are as much higher. */
function leading({ leading: percent }: Look): CSSProperties {
  return { "--leading": String(percent / 100) } as CSSProperties;
}

function EditedInPlace({ id, lines }: { id: string; lines: Line[] }) {
  const { t } = useTranslation();
  const { change } = useCanvasActions();
  const place = useRef<HTMLDivElement>(null);
  // Puck lets the mouse through to what is registered, and drags no block by it while it has the focus.
  useEffect(() => registerOverlayPortal(place.current), []);
  return (
    // A click into the text is no click on the blocks that hold it.
    <div ref={place} onClickCapture={(event) => event.stopPropagation()}>
      <MergeText lines={lines} onChange={(changed) => change(id, { lines: changed })} label={t("Text on the canvas")} />
    </div>
  );
}

function Lines({ lines, look }: { lines: Line[]; look: Look }) {
  const { t } = useTranslation();
  if (lines.length === 0) return <span className="unchosen">{t("Empty text")}</span>;
  return lines.map((line, at) => (
    <div key={at} className="line">
      {line.map((span, nth) => (
        <Piece key={nth} span={span} look={look} />
      ))}
      {line.length === 0 && <br />}
    </div>
  ));
}

function Piece({ span, look }: { span: Span; look: Look }) {
  if (typeof span === "string") return span;
  const css = span.style ? cssOf(withStyle(look, span.style)) : undefined;
  if (isField(span)) return <FieldPiece field={span} css={css} />;
  return (
    <span className={span.link == null ? undefined : "linked"} style={css}>
      {span.text}
    </span>
  );
}

function FieldPiece({ field, css }: { field: Field; css: CSSProperties | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      {field.before}
      <span className={field.link == null ? "chip" : "chip linked"} style={css}>
        {factName(field.field, t)}
      </span>
      {field.after}
    </>
  );
}
