/**
 * All blocks as a tree: to see what lies in what, and to choose and move blocks by the keyboard.
 */
import { Body1, makeStyles, mergeClasses, tokens, Tree, TreeItem, TreeItemLayout } from "@fluentui/react-components";
import { ErrorCircleRegular, WarningRegular } from "@fluentui/react-icons";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { BlockActions } from "../canvas/ActionBar";
import { dataOf, useCanvas, useCanvasActions, useChosen } from "../canvas/puck";
import { blockName } from "../design/blockNames";
import { factName, type Translate } from "../design/facts";
import { everyItem } from "../design/places";
import { itemsIn, slotsOf, type Item } from "../design/puckData";
import { isField, type Line } from "../design/types";
import { useJudgementOf, worstOf } from "../lint/judgement";

const useStyles = makeStyles({
  root: { padding: "8px" },
  empty: { display: "block", padding: "16px", color: tokens.colorNeutralForeground3 },
  chosen: { backgroundColor: tokens.colorBrandBackground2, borderRadius: tokens.borderRadiusMedium },
  words: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  more: { color: tokens.colorNeutralForeground3 },
  actions: {
    padding: "8px",
    display: "flex",
    justifyContent: "center",
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

export function Outline() {
  const { t } = useTranslation();
  const styles = useStyles();
  const data = useCanvas(dataOf);
  const chosen = useChosen();
  const containers = useMemo(
    () => everyItem(data).flatMap(({ item }) => (slotsOf(item.type).length > 0 ? [item.props.id] : [])),
    [data],
  );
  if (data.content.length === 0) {
    return (
      <Body1 className={styles.empty}>{t("There are no blocks yet. Add the first from the list of blocks.")}</Body1>
    );
  }
  return (
    <>
      {chosen && (
        <div className={styles.actions}>
          <BlockActions id={chosen.props.id} />
        </div>
      )}
      <Tree aria-label={t("Blocks of the signature")} className={styles.root} openItems={containers} size="small">
        <Branches items={data.content} />
      </Tree>
    </>
  );
}

function Branches({ items }: { items: Item[] }) {
  return items.map((item) => <Branch key={item.props.id} item={item} />);
}

function Branch({ item }: { item: Item }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { choose } = useCanvasActions();
  const isChosen = useChosen()?.props.id === item.props.id;
  const { name, icon: Icon } = blockName(item.type);
  const within = slotsOf(item.type).flatMap((slot) => itemsIn(item, slot));
  const says = wordsOf(item, t);
  return (
    <TreeItem
      itemType={within.length > 0 ? "branch" : "leaf"}
      value={item.props.id}
      aria-selected={isChosen}
      onClick={(event) => {
        event.stopPropagation();
        choose(item.props.id);
      }}
      onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && choose(item.props.id)}
    >
      <TreeItemLayout
        iconBefore={<Icon />}
        aside={<Mark id={item.props.id} />}
        className={mergeClasses(isChosen && styles.chosen)}
      >
        <div className={styles.words}>
          {t(name)} {says && <span className={styles.more}>{says}</span>}
        </div>
      </TreeItemLayout>
      {within.length > 0 && (
        <Tree>
          <Branches items={within} />
        </Tree>
      )}
    </TreeItem>
  );
}

/** That something is said of a block by the checks. */
function Mark({ id }: { id: string }) {
  const { t } = useTranslation();
  const worst = worstOf(useJudgementOf(id));
  if (worst === "error")
    return <ErrorCircleRegular color={tokens.colorStatusDangerForeground1} aria-label={t("Error")} />;
  return worst && <WarningRegular color={tokens.colorStatusWarningForeground1} aria-label={t("Warning")} />;
}

/** What a block is about, so that two of a kind can be told apart. */
function wordsOf(item: Item, t: Translate): string {
  const { lines, image } = item.props as { lines?: Line[]; image?: string };
  if (image) return image;
  const [first = []] = lines ?? [];
  return first
    .map((span) => (typeof span === "string" ? span : isField(span) ? factName(span.field, t) : span.text))
    .join("")
    .slice(0, 40);
}
