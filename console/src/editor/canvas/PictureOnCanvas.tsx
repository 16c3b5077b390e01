/**
 * Pictures, logos, banners and photos on the canvas.
 */
import { useTranslation } from "react-i18next";
import { radiusOf } from "../design/look";
import { valueOf } from "../design/facts";
import type { Alt, BlockOf, PictureBlock } from "../design/types";
import { Cell, htmlAlign, Inner } from "./Cell";
import { usePictureAddress, useSetting } from "./setting";

export function PictureOnCanvas({ block }: { block: PictureBlock }) {
  const { t } = useTranslation();
  const address = usePictureAddress();
  const { width, height, align, shape } = block;
  if (block.image === "") {
    return (
      <Cell align={align}>
        <div className="unchosen" style={{ width, height: height ?? Math.max(48, Math.round(width / 3)) }}>
          {t("Choose a picture")}
        </div>
      </Cell>
    );
  }
  return (
    <Cell align={align}>
      <Shown
        source={address(block.image)}
        alt={plainAlt(block.alt)}
        {...{ width, height, align, radius: radiusOf(shape, height ?? width) }}
      />
    </Cell>
  );
}

export function PhotoOnCanvas({ block }: { block: BlockOf<"photo"> }) {
  const { t } = useTranslation();
  const { person } = useSetting();
  const address = usePictureAddress();
  const { width, align, shape, initials } = block;
  const height = block.height ?? width;
  const radius = radiusOf(shape, height);
  if (person?.photo) {
    return (
      <Cell align={align}>
        <Shown source={address(person.photo)} alt={plainAlt(block.alt)} {...{ width, height, align, radius }} />
      </Cell>
    );
  }
  const letters = ["firstName", "lastName"].map((fact) => valueOf(fact, person)?.charAt(0) ?? "").join("");
  return (
    <Cell align={align}>
      <Inner align={align} width={width}>
        <tr>
          <td
            align="center"
            style={{
              width,
              height,
              backgroundColor: initials ?? undefined,
              borderRadius: radius,
              border: initials ? 0 : "1px dashed #8a8a8a",
              color: initials ? "#ffffff" : "#616161",
              font: `bold ${initials ? Math.floor((height * 2) / 5) : 11}px Arial, Helvetica, sans-serif`,
            }}
          >
            {initials ? letters || "AB" : t("Photo")}
          </td>
        </tr>
      </Inner>
    </Cell>
  );
}

interface ShownProps {
  source: string;
  alt: string;
  width: number;
  height?: number | null;
  align?: "left" | "centre" | "right";
  radius: number;
}

function Shown({ source, alt, width, height, align, radius }: ShownProps) {
  const margin = { left: 0, center: "0 auto", right: "0 0 0 auto" }[htmlAlign(align)];
  return (
    <img
      src={source}
      alt={alt}
      draggable={false}
      style={{ display: "block", border: 0, width, height: height ?? "auto", borderRadius: radius, margin }}
    />
  );
}

/** The words of an alternative text; a field in it is named. */
function plainAlt(alt: Alt | undefined): string {
  if (!Array.isArray(alt)) return alt ?? "";
  return alt.map((part) => (typeof part === "string" ? part : `{${part.field}}`)).join("");
}
