/**
 * Buttons, social icons, codes, lines, spaces and HTML on the canvas, in the mark-up of the renderer.
 */
import { CodeRegular, QrCodeRegular } from "@fluentui/react-icons";
import { useContext, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { factName } from "../design/facts";
import { cssOf, radiusOf, withStyle } from "../design/look";
import { NETWORKS } from "../design/networks";
import type { Alt, BlockOf, Icon } from "../design/types";
import { Cell, Inner } from "./Cell";
import { LookContext, usePictureAddress } from "./setting";

export function ButtonOnCanvas({ block }: { block: BlockOf<"button"> }) {
  const face = block.outline ? block.colour : "#ffffff";
  const look = withStyle(withStyle(useContext(LookContext), { colour: face, weight: "bold" }), block.style);
  const field: CSSProperties = block.outline
    ? { border: `1px solid ${block.colour}` }
    : { backgroundColor: block.colour };
  return (
    <Cell align={block.align}>
      <Inner align={block.align}>
        <tr>
          <td align="center" style={{ padding: "8px 18px", borderRadius: radiusOf(block.shape, 36), ...field }}>
            <span style={{ display: "inline-block", ...cssOf(look) }}>
              <Words text={block.text} />
            </span>
          </td>
        </tr>
      </Inner>
    </Cell>
  );
}

/** The words of a text of pieces, its fields by their names. */
function Words({ text }: { text: Alt }) {
  const { t } = useTranslation();
  if (!Array.isArray(text)) return text;
  return text.map((part, at) => (
    <span key={at} className={typeof part === "string" ? undefined : "chip"}>
      {typeof part === "string" ? part : factName(part.field, t)}
    </span>
  ));
}

export function SocialOnCanvas({ block }: { block: BlockOf<"social"> }) {
  const { t } = useTranslation();
  const gap = block.gap ?? 6;
  if (block.icons.length === 0) {
    return <div className="unchosen">{t("Add the first network")}</div>;
  }
  return (
    <Cell align={block.align}>
      <Inner align={block.align}>
        <tr>
          {block.icons.map((icon, at) => (
            <td key={at} style={{ paddingInlineStart: at > 0 ? gap : 0, opacity: icon.link == null ? 0.4 : 1 }}>
              <IconOnCanvas icon={icon} block={block} />
            </td>
          ))}
        </tr>
      </Inner>
    </Cell>
  );
}

function IconOnCanvas({ icon, block }: { icon: Icon; block: BlockOf<"social"> }) {
  const look = useContext(LookContext);
  const address = usePictureAddress();
  const { title, glyph, colour } = NETWORKS[icon.network];
  const size = block.size ?? 24;
  const paint = block.colour ?? colour;
  const borderRadius = radiusOf(block.shape ?? "rounded", size);
  if (icon.image) {
    return (
      <img
        src={address(icon.image)}
        alt={title}
        width={size}
        height={size}
        draggable={false}
        style={{ display: "block", borderRadius }}
      />
    );
  }
  if (block.look === "words")
    return <span style={cssOf({ ...look, colour: block.colour ?? look.colour })}>{title}</span>;
  const outline = block.look === "outline";
  const long = glyph.length > 2;
  return (
    <span
      title={title}
      style={{
        display: "block",
        boxSizing: "border-box",
        width: size,
        height: size,
        textAlign: "center",
        borderRadius,
        border: outline ? `1px solid ${paint}` : 0,
        backgroundColor: outline ? undefined : paint,
        color: outline ? paint : "#ffffff",
        font: `bold ${Math.floor(size / (long ? 3 : 2))}px/${outline ? size - 2 : size}px Arial, sans-serif`,
      }}
    >
      {glyph}
    </span>
  );
}

export function QrOnCanvas({ block }: { block: BlockOf<"qr"> }) {
  const { t } = useTranslation();
  const label = "vcard" in block.code ? t("The person’s card, as a code to scan") : t("A link, as a code to scan");
  return (
    <Cell align={block.align}>
      <span
        role="img"
        aria-label={label}
        style={{ display: "inline-block", width: block.size, height: block.size, color: block.colour ?? "#000000" }}
      >
        <QrCodeRegular style={{ width: block.size, height: block.size }} />
      </span>
    </Cell>
  );
}

export function DividerOnCanvas({ block }: { block: BlockOf<"divider"> }) {
  const line = {
    borderTop: `${block.thickness ?? 1}px solid ${block.colour ?? "#d0d0d0"}`,
    fontSize: 0,
    lineHeight: 0,
  };
  if (!block.width) return <Cell css={{ ...line, paddingBlock: 0 }}>{"\u00a0"}</Cell>;
  return (
    <Cell align={block.align}>
      <Inner align={block.align} width={block.width}>
        <tr>
          <td style={line}>{"\u00a0"}</td>
        </tr>
      </Inner>
    </Cell>
  );
}

export function SpacerOnCanvas({ block }: { block: BlockOf<"spacer"> }) {
  return <div className="spacer" style={{ height: block.height }} />;
}

/** It is sanitised on the server; the preview shows what is left of it. */
export function HtmlOnCanvas({ block }: { block: BlockOf<"html"> }) {
  const { t } = useTranslation();
  return (
    <div className="source">
      <CodeRegular fontSize={20} aria-hidden />
      <span>{t("HTML of your own: {{count}} characters. The preview shows it.", { count: block.html.length })}</span>
    </div>
  );
}
