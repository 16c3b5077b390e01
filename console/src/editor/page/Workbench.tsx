/**
 * Where a signature is designed: blocks on the left, the canvas above its preview, and what can be set on the right. Where
 * there is no room for all, one is shown at a time.
 */
import { Badge, makeStyles, mergeClasses, Tab, TabList, tokens } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Canvas } from "../canvas/Canvas";
import { useChosen } from "../canvas/puck";
import type { PersonEntry, Rendered } from "../design/types";
import { BlockDrawer } from "../left/BlockDrawer";
import { Checks } from "../left/Checks";
import { Outline } from "../left/Outline";
import { useJudgement, worstOf } from "../lint/judgement";
import { BlockPanel } from "../panel/BlockPanel";
import { LivePreview } from "../preview/LivePreview";

export type LeftTab = "blocks" | "outline" | "checks";
type Pane = "left" | "canvas" | "panel" | "preview";

const WIDE = "@media (min-width: 1024px)";

const useStyles = makeStyles({
  bench: {
    flexGrow: 1,
    minHeight: 0,
    display: "flex",
    flexDirection: "column",
    [WIDE]: { display: "grid", gridTemplateColumns: "272px minmax(0, 1fr) 340px" },
  },
  readOnly: { [WIDE]: { gridTemplateColumns: "minmax(0, 1fr)" } },
  panes: { borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, [WIDE]: { display: "none" } },
  side: {
    display: "flex",
    flexDirection: "column",
    minHeight: 0,
    flexGrow: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    [WIDE]: { display: "flex" },
  },
  left: { borderRight: `1px solid ${tokens.colorNeutralStroke2}` },
  right: { borderLeft: `1px solid ${tokens.colorNeutralStroke2}`, overflowY: "auto" },
  scroll: { flexGrow: 1, minHeight: 0, overflowY: "auto" },
  middle: {
    display: "contents",
    [WIDE]: { display: "grid", gridTemplateRows: "minmax(220px, 1.1fr) minmax(240px, 1fr)", minHeight: 0 },
  },
  pane: { minHeight: 0, flexGrow: 1, overflow: "hidden", [WIDE]: { display: "block" } },
  preview: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, backgroundColor: tokens.colorNeutralBackground1 },
  away: { display: "none" },
});

export interface WorkbenchProps {
  tab: LeftTab;
  onTab: (tab: LeftTab) => void;
  onElsewhere: () => void;
  person: PersonEntry | null;
  onPerson: (person: PersonEntry) => void;
  rendered: Rendered | undefined;
  error: unknown;
  isFetching: boolean;
  mayWrite: boolean;
}

export function Workbench({ tab, onTab, onElsewhere, mayWrite, ...preview }: WorkbenchProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [pane, setPane] = useState<Pane>(mayWrite ? "canvas" : "preview");
  const shown = (...panes: Pane[]) => (panes.includes(pane) ? undefined : styles.away);
  if (!mayWrite) {
    return (
      <div className={mergeClasses(styles.bench, styles.readOnly)}>
        <LivePreview {...preview} />
      </div>
    );
  }
  return (
    <div className={styles.bench}>
      <TabList
        className={styles.panes}
        size="small"
        aria-label={t("Parts of the editor")}
        selectedValue={pane}
        onTabSelect={(_, { value }) => setPane(value as Pane)}
      >
        <Tab value="left">{t("Blocks")}</Tab>
        <Tab value="canvas">{t("Canvas")}</Tab>
        <Tab value="panel">{t("Settings")}</Tab>
        <Tab value="preview">{t("Preview")}</Tab>
      </TabList>
      <aside className={mergeClasses(styles.side, styles.left, shown("left"))} aria-label={t("Blocks and checks")}>
        <LeftTabs tab={tab} onTab={onTab} />
        <div className={styles.scroll}>
          {tab === "blocks" && <BlockDrawer />}
          {tab === "outline" && <Outline />}
          {tab === "checks" && <Checks onElsewhere={onElsewhere} />}
        </div>
      </aside>
      <div className={styles.middle}>
        <div className={mergeClasses(styles.pane, shown("canvas"))}>
          <Canvas />
        </div>
        <div className={mergeClasses(styles.pane, styles.preview, shown("preview"))}>
          <LivePreview {...preview} />
        </div>
      </div>
      <aside
        className={mergeClasses(styles.side, styles.right, shown("panel"))}
        aria-label={t("Settings of the block")}
      >
        <BlockPanel />
      </aside>
      <ScrollToChosen />
    </div>
  );
}

interface LeftTabsProps {
  tab: LeftTab;
  onTab: (tab: LeftTab) => void;
}

function LeftTabs({ tab, onTab }: LeftTabsProps) {
  const { t } = useTranslation();
  const judgement = useJudgement();
  const count = judgement.findings.length + judgement.faults.length;
  return (
    <TabList
      size="small"
      aria-label={t("Blocks and checks")}
      selectedValue={tab}
      onTabSelect={(_, { value }) => onTab(value as LeftTab)}
      style={{ padding: "4px 8px" }}
    >
      <Tab value="blocks">{t("Blocks")}</Tab>
      <Tab value="outline">{t("Outline")}</Tab>
      <Tab value="checks">
        {t("Checks")}{" "}
        {count > 0 && (
          <Badge size="small" appearance="tint" color={worstOf(judgement) === "error" ? "danger" : "warning"}>
            {count}
          </Badge>
        )}
      </Tab>
    </TabList>
  );
}

/** What is chosen from the outline or the checks is brought into view. */
function ScrollToChosen() {
  const id = useChosen()?.props.id;
  useEffect(() => {
    if (id === undefined) return;
    const blocks = [...document.querySelectorAll<HTMLElement>("[data-puck-component]")];
    blocks.find(({ dataset }) => dataset.puckComponent === id)?.scrollIntoView({ block: "nearest" });
  }, [id]);
  return null;
}
