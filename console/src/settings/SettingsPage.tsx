/**
 * The organisation's own settings: its name and how long records are kept, its trial or subscription, and the way out.
 */
import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { LeavingPanel } from "./LeavingPanel";
import { OrganisationForm } from "./OrganisationForm";
import { organisationQuery } from "./queries";
import { SubscriptionPanel } from "./SubscriptionPanel";

const useStyles = makeStyles({ parts: { display: "flex", flexDirection: "column", gap: "24px" } });

export default function SettingsPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const organisation = useQuery(organisationQuery(tenant.id));
  return (
    <>
      <PageHeader title={t("Settings")} lead={t("What goes for the whole of your organisation.")} />
      {organisation.data ? (
        <div className={styles.parts}>
          <OrganisationForm organisation={organisation.data} />
          <SubscriptionPanel organisation={organisation.data.value} />
          <LeavingPanel organisation={organisation.data.value} />
        </div>
      ) : (
        <Loading query={organisation} rows={6} />
      )}
    </>
  );
}
