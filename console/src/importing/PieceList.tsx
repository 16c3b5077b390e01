/**
 * The lines of the message near its signature, each to be taken in or left out.
 */
import { Button, Checkbox, Caption1, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { How } from "./read/find";
import type { Piece } from "./read/pieces";
import type { Chosen } from "./useChosen";

/** Lines above what was found that are shown at first. */
const ABOVE = 4;

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, maxHeight: "420px", overflowY: "auto" },
  line: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  label: { width: "100%" },
  text: { display: "block", overflow: "hidden", textOverflow: "ellipsis", overflowWrap: "anywhere", maxHeight: "40px" },
  out: { color: tokens.colorNeutralForeground3 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const FOUND: Record<How, string> = {
  whole: "All of the file is the signature. Leave out what does not belong to it.",
  mark: "The mail program has marked it.",
  delimiter: "It stands below the dashes that part a signature from the message.",
  repeated: "It is the same in all of the messages.",
  facts: "Names, numbers and pictures near the end were taken for it. Widen or narrow it if that is not right.",
  end: "Nothing marks it; these are the last lines. Choose the ones that belong to it.",
};

export function PieceList({ pieces, chosen, how, toggle }: Chosen) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [first] = useState(() => Math.max(0, Math.min(...chosen, pieces.length) - ABOVE));
  const [all, setAll] = useState(false);
  const begin = all ? 0 : first;
  return (
    <>
      <Caption1 className={styles.quiet}>{t(FOUND[how])}</Caption1>
      {begin > 0 && (
        <Button size="small" appearance="subtle" onClick={() => setAll(true)}>
          {t("Show the lines above")}
        </Button>
      )}
      <ul className={styles.list} aria-label={t("Lines of the message")} tabIndex={0}>
        {pieces.map(
          (piece, at) =>
            at >= begin &&
            piece.kind !== "blank" && (
              <li key={at} className={styles.line}>
                <Checkbox
                  className={styles.label}
                  checked={chosen.has(at)}
                  onChange={() => toggle(at)}
                  label={
                    <span className={chosen.has(at) ? styles.text : `${styles.text} ${styles.out}`}>
                      {told(piece, t)}
                    </span>
                  }
                />
              </li>
            ),
        )}
      </ul>
    </>
  );
}

function told({ kind, text }: Piece, t: (text: string, values?: Record<string, unknown>) => string): string {
  const short = text.length > 140 ? `${text.slice(0, 140)} …` : text;
  if (kind === "table") return text ? t("Table: {{text}}", { text: short }) : t("Table with pictures");
  if (kind === "picture") return t("Picture");
  return kind === "line" ? t("Line across") : short;
}
