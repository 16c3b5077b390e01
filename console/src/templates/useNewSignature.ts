/**
 * Makes a signature of a design of the library, or an empty one, and opens it in the editor.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { answer, api } from "../api/client";
import { signaturesQuery, type SignatureEntry } from "../api/tenant";
import { useTenantChange } from "../components/useTenantChange";
import { create } from "../signatures/changes";
import { idFor } from "../signatures/ids";

export function useNewSignature() {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const router = useRouter();

  return useTenantChange(
    async (template: string | null) => {
      // With the pictures that the design shows.
      if (template) {
        const path = { tenant, template };
        return (await answer(api.POST("/api/v1/tenants/{tenant}/templates/{template}", { params: { path } }))).id;
      }
      const { signatures, revision } = await cache.fetchQuery(signaturesQuery(tenant));
      const base: SignatureEntry = { id: "", name: t("New signature"), design: { version: 1, blocks: [] } };
      const taken = signatures.map(({ id }) => id);
      const id = idFor(base.name || base.id, taken, "signature");
      await create({ tenant, revision }, { ...base, id, enabled: false });
      return id;
    },
    (id) => void router.navigate({ to: "/t/$tenant/signatures/$signature", params: { tenant, signature: id } }),
  );
}
