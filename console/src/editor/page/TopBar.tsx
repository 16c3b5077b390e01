/**
 * Where one is, what it is called, whether it is published; and what can be done with the signature as a whole.
 */
import {
  Badge,
  Button,
  Input,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
  Switch,
  tokens,
  Tooltip,
} from "@fluentui/react-components";
import {
  ArrowHookDownLeftRegular,
  ArrowHookDownRightRegular,
  ArrowLeftRegular,
  ArrowUndoRegular,
  BranchCompareRegular,
  CopyRegular,
  DismissCircleRegular,
  HistoryRegular,
  MoreHorizontalRegular,
} from "@fluentui/react-icons";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../../api/session";
import { useCanvas } from "../canvas/puck";
import type { Kept } from "./draftKeeper";
import { KeptState } from "./KeptState";
import { ownUndo } from "./ownUndo";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "4px 8px",
    padding: "8px 16px",
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  where: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px", flexGrow: 1, flexBasis: "0", minWidth: "260px" },
  list: {
    color: tokens.colorNeutralForeground3,
    padding: "0 4px",
    minWidth: "auto",
    flexShrink: 0,
    fontWeight: tokens.fontWeightRegular,
  },
  slash: { color: tokens.colorNeutralForeground3 },
  name: { flexGrow: 1, maxWidth: "340px", minWidth: "80px", fontWeight: tokens.fontWeightSemibold },
  state: { flexShrink: 0, whiteSpace: "nowrap" },
  // The field shows it; this tells it.
  heading: { position: "absolute", width: "1px", height: "1px", margin: 0, overflow: "hidden", clipPath: "inset(50%)" },
  actions: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px" },
});

export interface TopBarProps {
  name: string;
  onName: (name: string) => void;
  enabled: boolean;
  onEnabled: (enabled: boolean) => void;
  isDraft: boolean;
  kept: Kept;
  /** Nothing is published yet. */
  isNew: boolean;
  /** Somebody was asked to publish it. */
  isWaiting: boolean;
  mayEdit: boolean;
  mayPublish: boolean;
  isPublishing: boolean;
  onPublish: () => void;
  onAsk: () => void;
  onTakeBack: () => void;
  onReview: () => void;
  onHistory: () => void;
  onDiscard: () => void;
  onCopy: () => void;
}

export function TopBar(props: TopBarProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { name, onName, isDraft, isWaiting, kept, mayEdit } = props;
  const state = isWaiting ? t("Waiting to be published") : isDraft ? t("Draft, not published") : t("Published");
  return (
    <div className={styles.bar}>
      <h1 className={styles.heading}>{name}</h1>
      <nav className={styles.where} aria-label={t("Where you are")}>
        <BackToList />
        <span className={styles.slash} aria-hidden>
          /
        </span>
        <Input
          className={styles.name}
          appearance="filled-lighter"
          aria-label={t("Name of the signature")}
          value={name}
          readOnly={!mayEdit}
          onChange={(_, { value }) => onName(value)}
          onKeyDown={ownUndo}
        />
        <Badge className={styles.state} appearance="tint" color={isDraft ? "warning" : "success"} aria-live="polite">
          {mayEdit ? state : t("To look at")}
        </Badge>
        {mayEdit && <KeptState kept={kept} />}
      </nav>
      <Actions {...props} />
    </div>
  );
}

function BackToList() {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const { id: tenant } = useTenant();
  const to = { to: "/t/$tenant/signatures", params: { tenant } } as const;
  return (
    <Button
      as="a"
      appearance="subtle"
      className={styles.list}
      icon={<ArrowLeftRegular />}
      href={router.buildLocation(to).href}
      onClick={(event: React.MouseEvent) => {
        event.preventDefault();
        void router.navigate(to);
      }}
    >
      {t("Signatures")}
    </Button>
  );
}

function Actions(props: TopBarProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { enabled, onEnabled, isDraft, isNew, isWaiting, mayEdit, mayPublish, onHistory, onAsk } = props;
  return (
    <div className={styles.actions}>
      {mayEdit && <UndoRedo />}
      {!isNew && (
        <Tooltip content={t("History")} relationship="label">
          <Button appearance="subtle" icon={<HistoryRegular />} onClick={onHistory} />
        </Tooltip>
      )}
      {mayEdit && <MoreMenu {...props} />}
      {mayPublish && !isNew && (
        <Switch
          label={enabled ? t("On") : t("Off")}
          aria-label={t("Mail is signed with it")}
          checked={enabled}
          onChange={(_, { checked }) => onEnabled(checked)}
        />
      )}
      {mayPublish && <PublishButton {...props} />}
      {mayEdit && !mayPublish && (
        <Button appearance="primary" disabledFocusable={!isDraft || isWaiting} onClick={onAsk}>
          {t("Ask for publishing")}
        </Button>
      )}
    </div>
  );
}

function PublishButton({ isDraft, isPublishing, onPublish }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <Button
      appearance="primary"
      disabledFocusable={!isDraft || isPublishing}
      icon={isPublishing ? <Spinner size="tiny" /> : undefined}
      onClick={onPublish}
    >
      {isPublishing ? t("Publishing") : t("Publish")}
    </Button>
  );
}

function MoreMenu({ isDraft, isWaiting, mayPublish, onReview, onTakeBack, onCopy, onDiscard }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t("More")} relationship="label">
          <Button appearance="subtle" icon={<MoreHorizontalRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<BranchCompareRegular />} disabled={!isDraft} onClick={onReview}>
            {t("See what changes")}
          </MenuItem>
          {isWaiting && (
            <MenuItem icon={<ArrowUndoRegular />} onClick={onTakeBack}>
              {t("Take the request back")}
            </MenuItem>
          )}
          {mayPublish && (
            <MenuItem icon={<CopyRegular />} onClick={onCopy}>
              {t("Save as a copy")}
            </MenuItem>
          )}
          <MenuItem icon={<DismissCircleRegular />} disabled={!isDraft} onClick={onDiscard}>
            {t("Discard the draft")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function UndoRedo() {
  const { t } = useTranslation();
  const hasPast = useCanvas((state) => state.history.hasPast);
  const hasFuture = useCanvas((state) => state.history.hasFuture);
  const back = useCanvas((state) => state.history.back);
  const forward = useCanvas((state) => state.history.forward);
  return (
    <>
      <Tooltip content={t("Undo (Ctrl+Z)")} relationship="label">
        <Button appearance="subtle" icon={<ArrowHookDownLeftRegular />} disabledFocusable={!hasPast} onClick={back} />
      </Tooltip>
      <Tooltip content={t("Redo (Ctrl+Y)")} relationship="label">
        <Button
          appearance="subtle"
          icon={<ArrowHookDownRightRegular />}
          disabledFocusable={!hasFuture}
          onClick={forward}
        />
      </Tooltip>
    </>
  );
}
