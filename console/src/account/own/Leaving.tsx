/**
 * Taking one's data along, and deleting the account.
 */
import { Button, makeStyles, Text } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../../api/client";
import { queryClient } from "../../app/queries";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: "12px" },
  words: { display: "flex", flexDirection: "column", gap: "16px" },
});

export function Leaving() {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  const erase = useMutation({
    mutationFn: () => answer(api.DELETE("/api/v1/account")),
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
  return (
    <Panel title={t("Your data")} lead={t("Everything we store about you, as a file; or the end of the account.")}>
      <div className={styles.actions}>
        <Button as="a" href="/api/v1/account" download="signet-account.json">
          {t("Download your data")}
        </Button>
        <Button onClick={() => setDeleting(true)}>{t("Delete the account")}</Button>
      </div>
      {deleting && (
        <ConfirmDialog
          title={t("Delete the account?")}
          action={t("Delete for good")}
          busy={erase.isPending}
          onConfirm={() => erase.mutate()}
          onClose={() => setDeleting(false)}
        >
          <div className={styles.words}>
            <Text>{t("Your account and everything stored about you are erased. This cannot be taken back.")}</Text>
            <ProblemNotice error={erase.error} />
          </div>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
