/**
 * The blocks that can be put: dragged to the canvas, or by the button beside each.
 */
import { Drawer } from "@puckeditor/core";
import { Body1, Button, Caption1, Caption1Strong, makeStyles, tokens, Tooltip } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useCanvasActions } from "../canvas/puck";
import { BLOCK_NAMES, blockName } from "../design/blockNames";
import { PALETTE } from "../design/newBlock";
import type { BlockType } from "../design/types";

const TITLES = { content: "Content", pictures: "Pictures", layout: "Layout" };

const useStyles = makeStyles({
  root: { padding: "8px 16px 24px", display: "flex", flexDirection: "column", gap: "20px" },
  title: { color: tokens.colorNeutralForeground3, paddingBottom: "8px" },
  entry: { display: "flex", alignItems: "center", gap: "4px" },
  card: {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    padding: "6px 10px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    cursor: "grab",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  icon: { fontSize: "20px", display: "flex", color: tokens.colorBrandForeground1 },
  words: { display: "flex", flexDirection: "column", minWidth: 0 },
  about: { color: tokens.colorNeutralForeground3, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

export function BlockDrawer() {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {PALETTE.map(({ group, types }) => (
        <section key={group} aria-label={t(TITLES[group])}>
          <Caption1Strong as="h2" block className={styles.title} style={{ margin: 0 }}>
            {t(TITLES[group])}
          </Caption1Strong>
          <Drawer>
            {types.map((type) => (
              <Entry key={type} type={type} />
            ))}
          </Drawer>
        </section>
      ))}
    </div>
  );
}

function Entry({ type }: { type: BlockType }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { insert } = useCanvasActions();
  const { name } = BLOCK_NAMES[type];
  return (
    <div className={styles.entry}>
      <div style={{ flexGrow: 1, minWidth: 0 }}>
        <Drawer.Item name={type}>{Card}</Drawer.Item>
      </div>
      <Tooltip content={t("Add {{block}}", { block: t(name) })} relationship="label">
        <Button size="small" appearance="subtle" icon={<AddRegular />} onClick={() => insert(type)} />
      </Tooltip>
    </div>
  );
}

/** Puck shows it twice: what is dragged, and what stays. */
function Card({ name: type }: { name: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { name, about, icon: Icon } = blockName(type);
  return (
    <div className={styles.card}>
      <span className={styles.icon}>
        <Icon aria-hidden />
      </span>
      <span className={styles.words}>
        <Body1>{t(name)}</Body1>
        <Caption1 className={styles.about}>{t(about)}</Caption1>
      </span>
    </div>
  );
}
