/**
 * The brand as it is being changed, until it is saved or discarded. It is saved only over what it was begun from: another
 * change of the tenant, such as a picture that was put, is no matter, another one of the brand is.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, at, type Revised } from "../api/client";
import { useTenant } from "../api/session";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";
import { brandQuery, type Brand } from "./queries";
import { isSame } from "./same";

interface Draft {
  brand: Brand;
  /** What it was begun from. */
  base: Brand;
}

export function useBrandDraft(seen: Revised<Brand>) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const [draft, setDraft] = useState<Draft | null>(null);

  const save = useTenantChange(
    async ({ brand, base }: Draft) => {
      const now = await cache.fetchQuery({ ...brandQuery(tenant), staleTime: 0 });
      // The page tells it.
      if (!isSame(now.value, base)) return false;
      const path = { tenant };
      const headers = at(now.revision);
      await answer(api.PUT("/api/v1/tenants/{tenant}/brand", { params: { path }, headers, body: brand }));
      return true;
    },
    (saved) => {
      if (!saved) return;
      setDraft(null);
      toast({ title: t("The brand is saved") });
    },
  );

  const brand = draft?.brand ?? seen.value;
  return {
    brand,
    change: (keys: Partial<Brand>) =>
      setDraft((before) => {
        const { brand: last, base } = before ?? { brand: seen.value, base: seen.value };
        return { brand: { ...last, ...keys }, base };
      }),
    isUnsaved: draft !== null && !isSame(draft.brand, seen.value),
    /** Somebody else has saved another one meanwhile. */
    isOvertaken: draft !== null && !isSame(draft.base, seen.value) && !isSame(draft.brand, seen.value),
    isSaving: save.isPending,
    save: () => draft && save.mutate(draft),
    discard: () => setDraft(null),
  };
}
