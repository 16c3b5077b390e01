/**
 * What is done to the signature as a whole beside publishing: the switch, and a copy.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, revised } from "../../api/client";
import { signaturesQuery, tenantKey } from "../../api/tenant";
import { useToasts } from "../../components/toasts";
import { idFor } from "../../signatures/ids";
import type { SignatureEntry } from "../design/types";

export function useSignatureActions(tenant: string, onSwitched: (enabled: boolean, revision: string) => void) {
  const { t } = useTranslation();
  const toast = useToasts();
  const client = useQueryClient();
  const router = useRouter();
  const failed = (error: Error) => toast({ intent: "error", title: t("That was not done"), body: error.message });

  // Known from the moment of the click: what is pressed next has to wait for it.
  const [isTurning, setTurning] = useState(false);
  const { mutate } = useMutation({
    mutationFn: ({ signature, enabled }: { signature: string; enabled: boolean }) =>
      revised(
        api.PUT("/api/v1/tenants/{tenant}/signatures/{signature}/enabled", {
          params: { path: { tenant, signature } },
          body: { enabled },
        }),
      ),
    onSuccess: ({ revision }, { enabled }) => {
      void client.invalidateQueries({ queryKey: tenantKey(tenant) });
      onSwitched(enabled, revision);
      toast({
        title: enabled ? t("Switched on: mail is signed with it") : t("Switched off: no mail is signed with it"),
      });
    },
    onError: failed,
    onSettled: () => setTurning(false),
  });
  const turn = (signature: string, enabled: boolean) => {
    if (isTurning) return;
    setTurning(true);
    mutate({ signature, enabled });
  };

  const copy = useMutation({
    mutationFn: async (entry: SignatureEntry) => {
      const { signatures } = await client.fetchQuery(signaturesQuery(tenant));
      const name = t("{{name}} (copy)", { name: entry.name });
      const id = idFor(
        name,
        signatures.map((one) => one.id),
        "signature",
      );
      const body = { ...entry, id, name, enabled: false };
      await answer(api.POST("/api/v1/tenants/{tenant}/signatures", { params: { path: { tenant } }, body }));
      return id;
    },
    onSuccess: (signature) => {
      void client.invalidateQueries({ queryKey: tenantKey(tenant) });
      toast({ title: t("Saved as a copy, switched off") });
      void router.navigate({ to: "/t/$tenant/signatures/$signature", params: { tenant, signature } });
    },
    onError: failed,
  });

  return { turn, isTurning, copy: copy.mutate };
}
