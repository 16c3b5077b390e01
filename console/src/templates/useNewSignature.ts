/**
 * Makes a signature of a design of the library, or an empty one in the brand's font, and opens it in the editor. Who may not
 * publish makes a proposal of it.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { answer, api } from "../api/client";
import { draftsQuery, signaturesQuery, templateQuery, type SignatureEntry } from "../api/tenant";
import { brandQuery } from "../brand/queries";
import { useTenantChange } from "../components/useTenantChange";
import { putDraft } from "../editor/page/serverDraft";
import { create } from "../signatures/changes";
import { idFor } from "../signatures/ids";

export function useNewSignature() {
  const { t } = useTranslation();
  const { id: tenant, may } = useTenant();
  const cache = useQueryClient();
  const router = useRouter();

  const empty = async (): Promise<SignatureEntry> => {
    // Without a brand one begins as well.
    const brand = await cache.fetchQuery(brandQuery(tenant)).catch(() => null);
    const font = brand?.value.fonts[0];
    const design = { version: 1, ...(font && { style: { font } }), blocks: [] };
    return { id: "", name: t("New signature"), enabled: false, design };
  };

  const propose = async (template: string | null): Promise<string> => {
    const [{ signatures }, drafts] = await Promise.all([
      cache.fetchQuery(signaturesQuery(tenant)),
      cache.fetchQuery(draftsQuery(tenant)),
    ]);
    const begun: SignatureEntry = template ? await cache.fetchQuery(templateQuery(tenant, template)) : await empty();
    const taken = [...signatures.map(({ id }) => id), ...drafts.map(({ signature }) => signature)];
    const id = idFor(begun.name || begun.id, taken, "signature");
    await putDraft(tenant, { entry: { ...begun, id, enabled: false }, base: null }, null);
    return id;
  };

  return useTenantChange(
    async (template: string | null) => {
      if (!may("signatures:write")) return propose(template);
      // With the pictures that the design shows.
      if (template) {
        const path = { tenant, template };
        return (await answer(api.POST("/api/v1/tenants/{tenant}/templates/{template}", { params: { path } }))).id;
      }
      const { signatures, revision } = await cache.fetchQuery(signaturesQuery(tenant));
      const base = await empty();
      const taken = signatures.map(({ id }) => id);
      const id = idFor(base.name || base.id, taken, "signature");
      await create({ tenant, revision }, { ...base, id });
      return id;
    },
    (id) => void router.navigate({ to: "/t/$tenant/signatures/$signature", params: { tenant, signature: id } }),
  );
}
