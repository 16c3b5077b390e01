/**
 * One step of the way: its number or how it stands, its title and one line; opened, what is to be done.
 */
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Checkmark16Filled, ChevronDown20Regular, ChevronUp20Regular, Warning16Filled } from "@fluentui/react-icons";
import { useId, type ReactNode, type Ref } from "react";
import { useTranslation } from "react-i18next";
import type { StepState } from "./steps";
import { stateInWords } from "./stepWords";

const useStyles = makeStyles({
  step: {
    position: "relative",
    display: "grid",
    gridTemplateColumns: "32px minmax(0, 1fr)",
    columnGap: "16px",
    paddingBottom: "12px",
    // The line that leads to the next one.
    ":not(:last-child)::before": {
      content: '""',
      position: "absolute",
      left: "15px",
      top: "54px",
      bottom: "-22px",
      width: "2px",
      backgroundColor: tokens.colorNeutralStroke2,
    },
    "@media (max-width: 560px)": { gridTemplateColumns: "24px minmax(0, 1fr)", columnGap: "10px" },
  },
  narrowLine: { "@media (max-width: 560px)": { ":not(:last-child)::before": { left: "11px", top: "50px" } } },
  sign: {
    marginTop: "22px",
    width: "32px",
    height: "32px",
    boxSizing: "border-box",
    borderRadius: "50%",
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    fontWeight: tokens.fontWeightSemibold,
    border: `2px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground2,
    "@media (max-width: 560px)": { width: "24px", height: "24px", fontSize: "12px" },
  },
  done: {
    border: "none",
    backgroundColor: tokens.colorStatusSuccessBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  attention: {
    border: "none",
    backgroundColor: tokens.colorStatusWarningBackground3,
    color: tokens.colorNeutralForegroundStaticInverted,
  },
  next: {
    border: "none",
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  card: {
    minWidth: 0,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  heading: { fontSize: "inherit", fontWeight: "inherit" },
  head: {
    width: "100%",
    minHeight: "76px",
    display: "flex",
    alignItems: "center",
    justifyContent: "space-between",
    gap: "16px",
    padding: "14px 24px",
    border: "none",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: "transparent",
    color: tokens.colorNeutralForeground1,
    fontFamily: "inherit",
    textAlign: "left",
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
    "@media (max-width: 560px)": { padding: "12px 16px" },
  },
  words: { display: "flex", flexDirection: "column", gap: "2px", minWidth: 0 },
  title: { fontSize: tokens.fontSizeBase400, lineHeight: "24px", fontWeight: tokens.fontWeightSemibold },
  line: {
    fontSize: tokens.fontSizeBase300,
    lineHeight: "20px",
    color: tokens.colorNeutralForeground2,
    overflowWrap: "anywhere",
  },
  chevron: { flexShrink: 0, display: "flex", color: tokens.colorNeutralForeground3 },
  body: {
    display: "flex",
    flexDirection: "column",
    gap: "20px",
    padding: "12px 24px 24px",
    "@media (max-width: 560px)": { padding: "12px 16px 20px" },
  },
  unseen: {
    position: "absolute",
    width: "1px",
    height: "1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  },
});

interface Props {
  number: number;
  state: StepState;
  title: string;
  line: string;
  open: boolean;
  onToggle: () => void;
  headRef?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export function StepCard({ number, state, title, line, open, onToggle, headRef, children }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const body = useId();
  const filled = state === "done" || state === "attention" || state === "next";
  return (
    <li className={mergeClasses(styles.step, styles.narrowLine)} aria-current={state === "next" ? "step" : undefined}>
      <span className={mergeClasses(styles.sign, filled && styles[state])} aria-hidden>
        {state === "done" ? <Checkmark16Filled /> : state === "attention" ? <Warning16Filled /> : number}
      </span>
      <div className={styles.card}>
        <h2 className={styles.heading}>
          <button
            ref={headRef}
            type="button"
            className={styles.head}
            aria-expanded={open}
            aria-controls={body}
            onClick={onToggle}
          >
            <span className={styles.words}>
              <span className={styles.unseen}>{stateInWords(state, t)}:</span>{" "}
              <span className={styles.title}>{title}</span>{" "}
              <span className={styles.line}>{line}</span>
            </span>
            <span className={styles.chevron} aria-hidden>
              {open ? <ChevronUp20Regular /> : <ChevronDown20Regular />}
            </span>
          </button>
        </h2>
        <div id={body}>{open && <div className={styles.body}>{children}</div>}</div>
      </div>
    </li>
  );
}
