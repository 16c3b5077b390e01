/**
 * What can be done to members and invitations. Whoever changes the own role or leaves sees the console as it is then.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { sessionQuery, useSession, useTenant } from "../api/session";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";
import type { Invitation, Member } from "./queries";

export function useTeamActions() {
  const { t } = useTranslation();
  const toast = useToasts();
  const router = useRouter();
  const cache = useQueryClient();
  const { account } = useSession();
  const { id: tenant } = useTenant();
  const member = (account: string) => ({ params: { path: { tenant, account } } });
  const invitation = (id: string) => ({ params: { path: { tenant, invitation: id } } });

  const changeRole = useTenantChange(
    ({ of, role }: { of: Member; role: string }) =>
      answer(api.PUT("/api/v1/tenants/{tenant}/members/{account}", { ...member(of.account), body: { role } })),
    async (_, { of }) => {
      if (of.account === account.id) await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
      toast({ title: t("The role is changed") });
    },
  );
  const remove = useTenantChange(
    async (of: Member) => {
      await answer(api.DELETE("/api/v1/tenants/{tenant}/members/{account}", member(of.account)));
      if (of.account !== account.id) return;
      await router.navigate({ to: "/account" });
      await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
    () => toast({ title: t("The team has one member less") }),
  );
  const inviteAgain = useTenantChange(
    (of: Invitation) =>
      answer(api.POST("/api/v1/tenants/{tenant}/invitations/{invitation}/again", invitation(of.id))),
    ({ email }) => toast({ title: t("The invitation is on its way to {{address}}", { address: email }) }),
  );
  const takeBack = useTenantChange(
    (of: Invitation) => answer(api.DELETE("/api/v1/tenants/{tenant}/invitations/{invitation}", invitation(of.id))),
    () => toast({ title: t("The invitation is taken back") }),
  );
  return { changeRole, remove, inviteAgain, takeBack };
}
