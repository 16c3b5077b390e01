/**
 * Reading people and groups from Microsoft Entra: what is asked for, and the way to Microsoft; or a CSV file instead.
 */
import { Button, makeStyles, MessageBar, MessageBarBody, Text, tokens } from "@fluentui/react-components";
import { OpenRegular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { directoryQuery } from "../api/tenant";
import { LinkTo } from "../components/links";
import { ProblemNotice } from "../components/ProblemNotice";
import { ConsentDialog } from "../directory/ConsentDialog";
import { standingOf } from "../directory/standing";
import { standingInWords } from "../directory/standingInWords";
import { WhereSubscribed } from "../settings/WhereSubscribed";
import type { StepState } from "./steps";
import { readFromNowOn, useConsent } from "./useConsent";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px" },
  list: { margin: 0, paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "4px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  state: StepState;
  /** Goes on without it. */
  onSkip: () => void;
}

export function ConsentStep({ state, onSkip }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const directory = useQuery(directoryQuery(tenant.id));
  const consent = useConsent();
  const [sending, setSending] = useState(false);
  const send = useMutation({ mutationFn: () => readFromNowOn(tenant.id), onSuccess: () => setSending(true) });
  const toDirectory = (label: string) => (
    <LinkTo to="/t/$tenant/directory" params={{ tenant: tenant.id }}>
      {label}
    </LinkTo>
  );

  if (state === "unavailable") {
    return (
      <Text>
        {t("The operator of this Signet has set up no application at Microsoft. People come from a CSV file here:")}{" "}
        {toDirectory(t("Directory"))}
      </Text>
    );
  }
  if (state === "done") {
    return (
      <Text>
        {directory.data && standingInWords(standingOf(directory.data), directory.data, t, i18n.language)}{" "}
        {toDirectory(t("Open the directory"))}
      </Text>
    );
  }
  return (
    <>
      <Text>
        {t(
          "Names, titles and telephone numbers in signatures come from Microsoft Entra. An administrator of your organisation consents once, at Microsoft; Signet can then read, and nothing else:",
        )}
      </Text>
      <ul className={styles.list}>
        <li>{t("people, with their photos (User.Read.All)")}</li>
        <li>{t("who is in which group (GroupMember.Read.All)")}</li>
        <li>{t("which domains are yours (Domain.Read.All)")}</li>
      </ul>
      {state === "attention" && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {t("Microsoft lets us read no more. Until somebody consents again people stay as they were read last.")}
          </MessageBarBody>
        </MessageBar>
      )}
      <ProblemNotice error={consent.error ?? send.error} title={t("The way to Microsoft is not open now")} />
      {tenant.may("tenant:write") ? (
        <div className={styles.actions}>
          <WhereSubscribed>
            <Button
              appearance="primary"
              icon={<OpenRegular />}
              disabledFocusable={consent.isPending}
              onClick={() => consent.mutate()}
            >
              {consent.isPending ? t("To Microsoft …") : t("Consent at Microsoft")}
            </Button>
            <Button disabledFocusable={send.isPending} onClick={() => send.mutate()}>
              {t("Let somebody else consent")}
            </Button>
          </WhereSubscribed>
          {state === "next" && (
            <Button appearance="subtle" onClick={onSkip}>
              {t("Go on without it")}
            </Button>
          )}
        </div>
      ) : (
        <Text>{t("An owner or an administrator of your team does this.")}</Text>
      )}
      <Text size={200} className={styles.quiet}>
        {t("It takes a Global Administrator or a Privileged Role Administrator. A CSV file does as well:")}{" "}
        {toDirectory(t("Directory"))}
      </Text>
      {sending && <ConsentDialog onClose={() => setSending(false)} />}
    </>
  );
}
