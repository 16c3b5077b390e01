/**
 * Leads the browser to Microsoft to consent. Where no directory is read yet it is to be read from now on: consent is
 * for nothing else.
 */
import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { directoryQuery, tenantKey } from "../api/tenant";
import { queryClient } from "../app/queries";
import { rememberConsent } from "./consentAsked";
import { leaveFor } from "./leave";

export function useConsent() {
  const { id: tenant } = useTenant();
  return useMutation({
    mutationFn: async () => {
      await readFromNowOn(tenant);
      const { link } = await answer(
        api.POST("/api/v1/tenants/{tenant}/directory/consent", { params: { path: { tenant } } }),
      );
      rememberConsent(link, tenant);
      return link;
    },
    onSuccess: leaveFor,
  });
}

/** Sets the directory up to be read, if it is not. */
export async function readFromNowOn(tenant: string) {
  const { settings } = await queryClient.fetchQuery({ ...directoryQuery(tenant), staleTime: 0 });
  if (settings) return;
  await answer(api.PUT("/api/v1/tenants/{tenant}/directory", { params: { path: { tenant } }, body: {} }));
  await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
}
