/**
 * The API tokens by which scripts act for the organisation.
 */
import { Button } from "@fluentui/react-components";
import { KeyRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";
import { Lines } from "./Lines";
import { tokensQuery } from "./queries";
import { TokenLine } from "./TokenLine";

export function TokensTab({ onMake }: { onMake: () => void }) {
  const { t } = useTranslation();
  const toast = useToasts();
  const tenant = useTenant();
  const tokens = useQuery(tokensQuery(tenant.id));
  const revoke = useTenantChange(
    (token: string) =>
      answer(api.DELETE("/api/v1/tenants/{tenant}/tokens/{token}", { params: { path: { tenant: tenant.id, token } } })),
    () => toast({ title: t("The token is revoked") }),
  );
  if (!tokens.data) return <Loading query={tokens} rows={2} />;
  if (tokens.data.length === 0) {
    return (
      <EmptyState
        icon={<KeyRegular />}
        title={t("No API token yet")}
        text={t("A script shows a token to act for your organisation, within what you permit it and for as long as you say.")}
      >
        {tenant.may("team:write") && (
          <Button appearance="primary" onClick={onMake}>
            {t("Make a token")}
          </Button>
        )}
      </EmptyState>
    );
  }
  return (
    <Lines label={t("API tokens")}>
      {tokens.data.map((token) => (
        <TokenLine key={token.id} token={token} onRevoke={() => revoke.mutate(token.id)} />
      ))}
    </Lines>
  );
}
