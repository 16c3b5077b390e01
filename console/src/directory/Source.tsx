/**
 * Where people come from: Microsoft Entra, how its last read went and when the next is, and the way to connect it.
 */
import { Button, makeStyles, MessageBar, MessageBarBody, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { ArrowSyncRegular, PlugConnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { directoryQuery } from "../api/tenant";
import { Loading } from "../components/Loading";
import { Panel } from "../components/Panel";
import { useTenantChange } from "../components/useTenantChange";
import { organisationQuery } from "../settings/queries";
import { WhereSubscribed } from "../settings/WhereSubscribed";
import { ConsentDialog } from "./ConsentDialog";
import { standingOf } from "./standing";
import { progressInWords, standingInWords } from "./standingInWords";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  progress: { display: "flex", flexDirection: "column", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function Source() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const directory = useQuery(directoryQuery(tenant.id));
  const organisation = useQuery(organisationQuery(tenant.id));
  const [consenting, setConsenting] = useState(false);
  const path = { params: { path: { tenant: tenant.id } } };

  const sync = useTenantChange((full: boolean) =>
    answer(api.POST("/api/v1/tenants/{tenant}/directory/sync", { ...path, body: { full } })),
  );
  const begin = useTenantChange(
    () => answer(api.PUT("/api/v1/tenants/{tenant}/directory", { ...path, body: {} })),
    () => setConsenting(true),
  );

  if (!directory.data) return <Loading query={directory} rows={1} />;
  const standing = standingOf(directory.data);
  const { status } = directory.data;
  const needsConsent = standing === "no_consent" || standing === "not_authorised";
  const isSubscribed = organisation.data?.value.subscription.in_force ?? true;
  const mayWrite = tenant.may("tenant:write");
  return (
    <Panel
      title={t("Microsoft Entra")}
      lead={standingInWords(standing, directory.data, t, i18n.language)}
      actions={
        <div className={styles.actions}>
          {standing === "off" && mayWrite && isSubscribed && (
            <Button
              appearance="primary"
              icon={<PlugConnectedRegular />}
              disabledFocusable={begin.isPending}
              onClick={() => begin.mutate()}
            >
              {t("Read the directory")}
            </Button>
          )}
          {needsConsent && mayWrite && isSubscribed && (
            <Button appearance="primary" icon={<PlugConnectedRegular />} onClick={() => setConsenting(true)}>
              {t("Give consent")}
            </Button>
          )}
          {standing !== "off" && !needsConsent && isSubscribed && tenant.may("people:write") && (
            <Button
              icon={<ArrowSyncRegular />}
              disabledFocusable={standing === "running" || sync.isPending}
              onClick={() => sync.mutate(false)}
            >
              {standing === "running" ? t("Reading …") : t("Sync now")}
            </Button>
          )}
        </div>
      }
    >
      <WhereSubscribed>{null}</WhereSubscribed>
      {status?.progress && standing === "running" && (
        <div className={styles.progress} role="status">
          <ProgressBar aria-label={t("Reading the directory")} />
          <Text size={200} className={styles.quiet}>
            {progressInWords(status.progress, t, i18n.language)}
          </Text>
        </div>
      )}
      {status?.result && status.result.ended !== "done" && standing !== "running" && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{status.result.text}</MessageBarBody>
        </MessageBar>
      )}
      {consenting && <ConsentDialog onClose={() => setConsenting(false)} />}
    </Panel>
  );
}
