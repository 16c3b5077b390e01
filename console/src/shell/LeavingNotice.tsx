/**
 * Tells on every page that the organisation is on its way out: nothing is signed, and that is why.
 */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { LinkTo } from "../components/links";
import { leavingInWords } from "../settings/leavingInWords";
import { organisationQuery } from "../settings/queries";

const useStyles = makeStyles({ bar: { marginBottom: "20px" } });

export function LeavingNotice() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { data } = useQuery({ ...organisationQuery(tenant.id), enabled: tenant.may("tenant:read") });
  const leaving = data?.value.leaving;
  if (!leaving) return null;
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <MessageBarTitle>{t("Your organisation leaves")}</MessageBarTitle>
        {leavingInWords(leaving, t, i18n.language)}{" "}
        <LinkTo to="/t/$tenant/settings" params={{ tenant: tenant.id }}>
          {t("Settings")}
        </LinkTo>
      </MessageBarBody>
    </MessageBar>
  );
}
