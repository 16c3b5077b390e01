/**
 * One of two signatures that are compared, as mail carries it, with what differs from the other marked.
 */
import { makeStyles, mergeClasses, Spinner, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Rendered } from "../editor/design/types";
import { previewPage } from "../editor/preview/previewPage";
import type { Line } from "./changedParts";

export type View = "desktop" | "dark" | "plain";

const useStyles = makeStyles({
  box: {
    height: "clamp(180px, 34vh, 320px)",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: "hidden",
    backgroundColor: tokens.colorNeutralBackground1,
    display: "flex",
  },
  frame: { border: 0, width: "100%", height: "100%", display: "block" },
  plain: {
    margin: 0,
    padding: "16px",
    width: "100%",
    overflow: "auto",
    boxSizing: "border-box",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "13px",
  },
  line: { display: "block", minHeight: "1.3em", padding: "0 4px", textDecorationLine: "none" },
  gone: { backgroundColor: tokens.colorStatusDangerBackground1, color: tokens.colorStatusDangerForeground1 },
  come: { backgroundColor: tokens.colorStatusSuccessBackground1, color: tokens.colorStatusSuccessForeground1 },
  note: { margin: "auto", padding: "24px", textAlign: "center", color: tokens.colorNeutralForeground2 },
});

interface Props {
  title: string;
  side: "before" | "after";
  view: View;
  /** Null: there is no such signature on this side. */
  rendered: Rendered | null | undefined;
  /** With its changes marked. */
  html: string;
  lines: Line[];
  error: unknown;
}

export function Drawing({ title, side, view, rendered, html, lines, error }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const note = noteOf({ rendered, error }, t);
  return (
    <div className={styles.box}>
      {note && <Text className={styles.note}>{note}</Text>}
      {!note && !rendered && <Spinner className={styles.note} size="small" aria-label={t("Drawing")} />}
      {!note && rendered && view !== "plain" && (
        <iframe
          className={styles.frame}
          title={title}
          sandbox=""
          srcDoc={previewPage({ html, images: rendered.images }, view === "dark" ? "dark" : "light")}
        />
      )}
      {!note && rendered && view === "plain" && (
        <pre className={styles.plain} tabIndex={0} aria-label={title}>
          {lines.map(({ text, isOther }, number) => {
            const Mark = !isOther ? "span" : side === "before" ? "del" : "ins";
            const colour = isOther && (side === "before" ? styles.gone : styles.come);
            return (
              <Mark key={number} className={mergeClasses(styles.line, colour || undefined)}>
                {text}
              </Mark>
            );
          })}
        </pre>
      )}
    </div>
  );
}

function noteOf({ rendered, error }: Pick<Props, "rendered" | "error">, t: (text: string) => string): string | null {
  if (rendered === null) return t("There is no signature on this side.");
  if (error) return t("It could not be drawn.");
  if (rendered?.empty) return t("Nothing of it is left for this person.");
  return null;
}
