/**
 * A table with one cell, as the renderer draws every block.
 */
import type { CSSProperties, ReactNode } from "react";
import type { Align } from "../design/types";

/** What HTML calls an alignment. */
export function htmlAlign(align: Align | undefined): "left" | "center" | "right" {
  return align === "centre" ? "center" : (align ?? "left");
}

export function Cell({ align, css, children }: { align?: Align; css?: CSSProperties; children: ReactNode }) {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} style={{ borderCollapse: "separate", width: "100%" }}>
      <tbody>
        <tr>
          <td align={htmlAlign(align)} style={{ textAlign: htmlAlign(align), padding: 0, ...css }}>
            {children}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** A table inside a cell, at one side of it. */
export function Inner({ align, width, children }: { align?: Align; width?: number | null; children: ReactNode }) {
  const side = htmlAlign(align);
  const margin = { left: "0 auto 0 0", center: "0 auto", right: "0 0 0 auto" }[side];
  return (
    <table
      role="presentation"
      cellPadding={0}
      cellSpacing={0}
      width={width ?? undefined}
      style={{ borderCollapse: "separate", width: width ?? undefined, margin }}
    >
      <tbody>{children}</tbody>
    </table>
  );
}
