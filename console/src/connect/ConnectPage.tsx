/**
 * The connection to Microsoft 365: the guided way to it, step by step with how each stands, and afterwards the place to
 * look at it, to put it right and to leave.
 */
import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { Disconnect } from "./Disconnect";
import { ModePanel } from "./ModePanel";
import { connectionQuery } from "./queries";
import { Steps } from "./Steps";

const useStyles = makeStyles({ parts: { display: "flex", flexDirection: "column", gap: "24px" } });

export default function ConnectPage() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const connection = useQuery(connectionQuery(tenant.id));
  const came = connection.data?.last_mail;
  const moment = (when: string) =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(when));
  return (
    <>
      <PageHeader
        title={came ? t("Microsoft 365 is connected") : t("Connect Microsoft 365")}
        name={t("Connection")}
        lead={
          came
            ? t("The newest message came through on {{when}}.", { when: moment(came) })
            : t(
                "Outgoing mail makes a short trip: Microsoft 365 hands it to Signet, Signet puts the signature in and hands it back. As long as the mode is observe every message goes out as it came.",
              )
        }
      />
      {connection.data ? (
        <div className={styles.parts}>
          <Steps connection={connection.data} />
          <ModePanel />
          {tenant.may("tenant:write") && connection.data.missing.length === 0 && <Disconnect />}
        </div>
      ) : (
        <Loading query={connection} rows={6} />
      )}
    </>
  );
}
