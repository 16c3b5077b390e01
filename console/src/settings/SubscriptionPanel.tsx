/**
 * How the organisation's trial or subscription stands.
 */
import { Button } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Panel } from "../components/Panel";
import type { Organisation } from "./queries";
import { subscriptionInWords } from "./subscriptionInWords";
import { useTrial } from "./useTrial";

export function SubscriptionPanel({ organisation }: { organisation: Organisation }) {
  const { t, i18n } = useTranslation();
  const tenant = useTenant();
  const trial = useTrial();
  const mayBegin = organisation.subscription.trial_days !== undefined && tenant.may("tenant:write");
  return (
    <Panel
      title={t("Subscription")}
      lead={subscriptionInWords(organisation, t, i18n.language)}
      actions={
        mayBegin && (
          <Button appearance="primary" disabledFocusable={trial.isPending} onClick={() => trial.mutate()}>
            {t("Start the free trial")}
          </Button>
        )
      }
    />
  );
}
