/**
 * Shows what a trial or a subscription is needed for, or else how to come by one.
 */
import { Button, makeStyles, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { organisationQuery } from "./queries";
import { subscriptionInWords } from "./subscriptionInWords";
import { useTrial } from "./useTrial";

const useStyles = makeStyles({ bar: { paddingBlock: "8px" } });

export function WhereSubscribed({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { data } = useQuery(organisationQuery(tenant.id));
  const trial = useTrial();
  const now = data?.value;
  if (!now || now.subscription.in_force) return children;
  return (
    <MessageBar intent="info" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        {t("Reading people from Microsoft Entra needs a subscription; signing mail does not.")}{" "}
        {subscriptionInWords(now, t, i18n.language)}
      </MessageBarBody>
      {now.subscription.trial_days !== undefined && tenant.may("tenant:write") && (
        <MessageBarActions>
          <Button appearance="primary" disabledFocusable={trial.isPending} onClick={() => trial.mutate()}>
            {t("Start the free trial")}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
