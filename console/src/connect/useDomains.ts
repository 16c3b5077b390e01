/**
 * Takes a domain: it is believed when its record is in DNS, or when Microsoft says that it is the organisation's. Where
 * its mail goes back to is found by the server, and asked for only if it cannot.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { useToasts } from "../components/toasts";

interface Wanted {
  domain: string;
  nextHop?: string;
}

export function useDomains(done?: () => void) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  return useMutation({
    mutationFn: ({ domain, nextHop }: Wanted) =>
      answer(
        api.POST("/api/v1/tenants/{tenant}/connection/domains", {
          params: { path: { tenant } },
          body: { domain, next_hop: nextHop },
        }),
      ),
    onSuccess: async (_, { domain }) => {
      await cache.invalidateQueries({ queryKey: tenantKey(tenant) });
      toast({ title: t("{{domain}} is yours", { domain }) });
      done?.();
    },
  });
}
