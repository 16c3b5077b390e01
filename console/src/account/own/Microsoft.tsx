/**
 * The Microsoft account that signs in: linking it, and taking the link away.
 */
import { Button, makeStyles, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../../api/account";
import { answer, api } from "../../api/client";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";
import { MicrosoftMark } from "../microsoft/MicrosoftMark";
import { offerQuery, useMicrosoft } from "../microsoft/useMicrosoft";
import { useAccountChange } from "./useAccountChange";

const useStyles = makeStyles({ start: { alignSelf: "flex-start" } });

export function Microsoft({ account: { microsoft } }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const [ending, setEnding] = useState(false);
  const offer = useQuery(offerQuery);
  const link = useMicrosoft("link", { from: "account", next: "/account" });
  const unlink = useAccountChange(
    () => answer(api.DELETE("/api/v1/account/microsoft")),
    t("The Microsoft account signs in no more"),
  );
  if (!microsoft && !offer.data?.microsoft) return null;
  const since = microsoft && new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(new Date(microsoft.since));
  return (
    <Panel
      title={t("Microsoft account")}
      lead={t("Sign in with the account of your work, without a password of ours.")}
      actions={
        microsoft && (
          <Button disabledFocusable={unlink.isPending} onClick={() => setEnding(true)}>
            {t("Take the link away")}
          </Button>
        )
      }
    >
      <ProblemNotice error={link.error ?? unlink.error} />
      {microsoft ? (
        <Text>{t("Linked with an account of {{organisation}} since {{since}}.", { ...microsoft, since })}</Text>
      ) : (
        <Button
          className={styles.start}
          icon={<MicrosoftMark />}
          disabledFocusable={link.isPending}
          onClick={() => link.mutate()}
        >
          {t("Link a Microsoft account")}
        </Button>
      )}
      {ending && (
        <ConfirmDialog
          title={t("Take the link to the Microsoft account away?")}
          action={t("Take the link away")}
          onConfirm={() => {
            unlink.mutate();
            setEnding(false);
          }}
          onClose={() => setEnding(false)}
        >
          <Text>{t("You sign in with your password then. Wherever you signed in with Microsoft you are signed out.")}</Text>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
