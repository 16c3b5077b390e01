/**
 * The way out for the whole organisation: what happens then, and the way back as long as there is one.
 */
import { Button, makeStyles, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { LinkTo } from "../components/links";
import { Panel } from "../components/Panel";
import { useTenantChange } from "../components/useTenantChange";
import { leavingInWords } from "./leavingInWords";
import type { Organisation } from "./queries";

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "8px" },
});

export function LeavingPanel({ organisation }: { organisation: Organisation }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [asking, setAsking] = useState(false);
  const path = { params: { path: { tenant: tenant.id } } };
  const close = () => setAsking(false);
  const leave = useTenantChange(() => answer(api.POST("/api/v1/tenants/{tenant}/leaving", path)), close);
  const stay = useTenantChange(() => answer(api.DELETE("/api/v1/tenants/{tenant}/leaving", path)));
  const toConnection = (
    <LinkTo to="/t/$tenant/connect" params={{ tenant: tenant.id }}>
      {t("Connection")}
    </LinkTo>
  );

  if (tenant.role !== "owner") return null;
  if (organisation.leaving) {
    return (
      <Panel
        title={t("Your organisation leaves")}
        lead={leavingInWords(organisation.leaving, t, i18n.language)}
        actions={
          <Button appearance="primary" disabledFocusable={stay.isPending} onClick={() => stay.mutate()}>
            {t("Stay after all")}
          </Button>
        }
      >
        <Text>
          {t("Take the connectors and rules out of Microsoft 365 by the script on the page")} {toConnection}.
        </Text>
      </Panel>
    );
  }
  return (
    <Panel
      title={t("Leave Signet")}
      lead={t("No message is lost or returned by leaving: what still comes goes through unsigned.")}
      actions={<Button onClick={() => setAsking(true)}>{t("Leave …")}</Button>}
    >
      {asking && (
        <ConfirmDialog
          title={t("Leave with {{name}}?", { name: organisation.name })}
          action={t("Leave")}
          busy={leave.isPending}
          onConfirm={() => leave.mutate()}
          onClose={close}
        >
          <ul className={styles.list}>
            <li>{t("From now on messages go through without a signature, and the directory is read no more.")}</li>
            <li>{t("Then run the script that takes connectors and rules out of Microsoft 365.")}</li>
            <li>{t("When no message has come for 30 days everything is removed: signatures, people, records, team.")}</li>
            <li>{t("Until then any owner can take it back, and all is as it was.")}</li>
          </ul>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
