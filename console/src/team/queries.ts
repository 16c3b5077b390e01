/**
 * What the console asks about a team: its members, who was invited, its API tokens, and how it signs in.
 */
import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../api/client";
import { tenantKey } from "../api/tenant";

export type Member = Schemas["MemberSeen"];
export type Invitation = Schemas["InvitationSeen"];
export type SignInRules = Schemas["SignInRulesNow"];
export type ApiToken = Schemas["TokenSeen"];

const path = (tenant: string) => ({ params: { path: { tenant } } });

export const membersQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "members"],
    queryFn: async () => (await answer(api.GET("/api/v1/tenants/{tenant}/members", path(tenant)))).members,
  });

export const invitationsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "invitations"],
    queryFn: async () => (await answer(api.GET("/api/v1/tenants/{tenant}/invitations", path(tenant)))).invitations,
  });

export const signInRulesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "sign-in"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/sign-in", path(tenant))),
  });

export const tokensQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "tokens"],
    queryFn: async () => (await answer(api.GET("/api/v1/tenants/{tenant}/tokens", path(tenant)))).tokens,
  });
