/**
 * What is not saved yet: it stays in sight, and whoever leaves the page is asked.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../components/ConfirmDialog";

const useStyles = makeStyles({
  bar: {
    position: "sticky",
    bottom: "16px",
    zIndex: 1,
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "8px",
    padding: "12px 16px",
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow16,
  },
  words: { marginRight: "auto" },
});

interface Props {
  /** There is something that cannot be saved. */
  isWrong: boolean;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

export function SaveBar({ isWrong, isSaving, onSave, onDiscard }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const leaving = useBlocker({ shouldBlockFn: () => true, enableBeforeUnload: true, withResolver: true });
  return (
    <div role="region" aria-label={t("Unsaved changes")} className={styles.bar}>
      <Text className={styles.words}>{isWrong ? t("Something is still missing above.") : t("Not saved yet.")}</Text>
      <Button onClick={onDiscard}>{t("Discard")}</Button>
      <Button appearance="primary" disabledFocusable={isWrong || isSaving} onClick={onSave}>
        {isSaving ? t("Saving …") : t("Save")}
      </Button>
      {leaving.status === "blocked" && (
        <ConfirmDialog
          title={t("Leave without saving?")}
          action={t("Leave")}
          onConfirm={leaving.proceed}
          onClose={leaving.reset}
        >
          {t("What you have changed of the brand is lost then.")}
        </ConfirmDialog>
      )}
    </div>
  );
}
