/**
 * The sheet on which the signature is put together, below the end of a message.
 */
import { Puck } from "@puckeditor/core";
import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { dataOf, useCanvas, useCanvasActions } from "./puck";
import { useBlocksAsGroups } from "./useBlocksAsGroups";
import "./canvas.css";

const useStyles = makeStyles({
  desk: {
    height: "100%",
    overflow: "auto",
    padding: "40px 24px 24px",
    "@media (max-width: 600px)": { padding: "40px 8px 16px" },
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground3,
  },
  sheet: {
    maxWidth: "720px",
    margin: "0 auto",
    padding: "24px 32px 40px",
    "@media (max-width: 600px)": { padding: "20px 16px 32px" },
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow4,
    // Mail is written on white, whatever the colours of the console are.
    backgroundColor: "#ffffff",
    color: "#333333",
    colorScheme: "light",
  },
  message: { display: "grid", gap: "8px", marginBottom: "24px" },
  line: { height: "8px", borderRadius: "4px", backgroundColor: "#ededed" },
  empty: { color: "#616161", textAlign: "center", padding: "8px 0 16px", fontSize: "14px", margin: 0 },
});

export function Canvas() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { choose } = useCanvasActions();
  const { canvas, onKeyDown } = useBlocksAsGroups();
  const isEmpty = useCanvas((state) => dataOf(state).content.length === 0);
  return (
    <section
      ref={canvas}
      onKeyDown={onKeyDown}
      className={styles.desk}
      aria-label={t("Canvas")}
      // Beside the blocks nothing is chosen: the panel shows the whole design.
      onClick={(event) => event.target === event.currentTarget && choose(null)}
    >
      <div className={styles.sheet}>
        <div className={styles.message} aria-hidden>
          <div className={styles.line} style={{ width: "24%" }} />
          <div className={styles.line} style={{ width: "88%" }} />
          <div className={styles.line} style={{ width: "62%" }} />
        </div>
        {isEmpty && <p className={styles.empty}>{t("Drag the first block here, or press + beside it.")}</p>}
        <Puck.Preview />
      </div>
    </section>
  );
}
