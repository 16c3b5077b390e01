/**
 * What is said about a draft between who draws it and who publishes: asked for, sent back, taken back.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { draftsQuery } from "../../api/tenant";
import { useTenantChange } from "../../components/useTenantChange";
import { useToasts } from "../../components/toasts";
import { markDraft } from "./serverDraft";

type State = "open" | "waiting" | "returned";

export function useDraftReview(tenant: string, signature: string) {
  const { t } = useTranslation();
  const toast = useToasts();
  const client = useQueryClient();
  const draft = useQuery(draftsQuery(tenant)).data?.find((one) => one.signature === signature);
  const said: Record<State, string> = {
    open: t("The request is taken back"),
    waiting: t("Everybody who may publish sees that it waits"),
    returned: t("The draft is sent back"),
  };
  const { mutate, isPending } = useTenantChange(
    async ({ state, note, first }: { state: State; note?: string; first?: () => Promise<void> }) => {
      await first?.();
      await markDraft(tenant, signature, state, note);
    },
    (_, { state }) => toast({ title: said[state] }),
  );
  return {
    draft,
    mark: mutate,
    isMarking: isPending,
    /** After a save or a publication. */
    refresh: () => void client.invalidateQueries({ queryKey: draftsQuery(tenant).queryKey }),
  };
}

export type DraftReview = ReturnType<typeof useDraftReview>;
