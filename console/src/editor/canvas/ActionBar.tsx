/**
 * What can be done to the chosen block without dragging it: move, copy, remove. It floats above the block on the canvas.
 */
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  tokens,
  Toolbar,
  Tooltip,
} from "@fluentui/react-components";
import {
  ArrowDownRegular,
  ArrowEnterLeftRegular,
  ArrowExitRegular,
  ArrowUpRegular,
  CopyRegular,
  DeleteRegular,
} from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { blockName } from "../design/blockNames";
import type { Into } from "./moves";
import { useCanvasActions, useChosen, useMoves } from "./puck";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    flexWrap: "nowrap",
    alignItems: "center",
    padding: "2px",
    gap: 0,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    boxShadow: tokens.shadow8,
    whiteSpace: "nowrap",
  },
  name: { padding: "0 8px", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

/** Takes the place of Puck's own bar. */
export function ActionBar() {
  const styles = useStyles();
  const { t } = useTranslation();
  const chosen = useChosen();
  if (!chosen) return <></>;
  return (
    // A click beside a block chooses none, and the bar lies beside it.
    <div className={styles.bar} onClick={(event) => event.stopPropagation()}>
      <span className={styles.name}>{t(blockName(chosen.type).name)}</span>
      <BlockActions id={chosen.props.id} />
    </div>
  );
}

export function BlockActions({ id }: { id: string }) {
  const { t } = useTranslation();
  const moves = useMoves(id);
  const { move, duplicate, remove } = useCanvasActions();
  if (!moves) return null;
  const to = (target: { zone: string; index: number } | null) => (target ? () => move(id, target) : undefined);
  return (
    <Toolbar size="small" aria-label={t("Block")} style={{ padding: 0 }}>
      <Action label={t("Move up")} icon={<ArrowUpRegular />} onClick={to(moves.up)} />
      <Action label={t("Move down")} icon={<ArrowDownRegular />} onClick={to(moves.down)} />
      <MoveInto into={moves.into} onMove={(target) => move(id, target)} />
      <Action label={t("Move out")} icon={<ArrowExitRegular />} onClick={to(moves.out)} />
      <Action label={t("Duplicate")} icon={<CopyRegular />} onClick={() => duplicate(id)} />
      <Action label={t("Delete")} icon={<DeleteRegular />} onClick={() => remove(id)} />
    </Toolbar>
  );
}

function MoveInto({ into, onMove }: { into: Into[]; onMove: (target: Into) => void }) {
  const { t } = useTranslation();
  const names = {
    column: (number: number) => t("Column {{number}}", { number }),
    frame: () => t("The frame"),
    then: () => t("The condition"),
    otherwise: () => t("The condition, for all others"),
  };
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t("Move into")} relationship="label">
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowEnterLeftRegular />}
            disabledFocusable={into.length === 0}
          />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {into.map((target) => (
            <MenuItem key={target.zone} onClick={() => onMove(target)}>
              {names[target.kind](target.number)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Action({ label, icon, onClick }: { label: string; icon: ReactElement; onClick: (() => void) | undefined }) {
  return (
    <Tooltip content={label} relationship="label">
      <Button size="small" appearance="subtle" icon={icon} disabledFocusable={!onClick} onClick={onClick} />
    </Tooltip>
  );
}
