/**
 * Who is signed in, at which tenants, and what they may do there.
 */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { TenantOfSession } from "./account";
import { answer, api } from "./client";

export type { Role, Session, TenantOfSession } from "./account";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => answer(api.GET("/api/v1/session")),
  staleTime: 5 * 60_000,
  retry: false,
});

export const useSession = () => useSuspenseQuery(sessionQuery).data;

/** The tenant that the address names, and a test of what the person may do there. */
export interface TenantHere extends TenantOfSession {
  may: (scope: Scope) => boolean;
}

export type Scope =
  | `${"tenant" | "signatures" | "people" | "team" | "connect"}:${"read" | "write"}`
  | "mode:write"
  | "drafts:write"
  | "decisions:read"
  | "audit:read";

/** To be used below `/t/$tenant` only, where the router has seen to it that the tenant is one of the session's. */
export function useTenant(): TenantHere {
  const { tenant: id } = useParams({ strict: false });
  const tenant = useSession().tenants.find((each) => each.id === id);
  if (!tenant) throw new Error(`No tenant ${id} in this session`);
  return { ...tenant, may: (scope) => tenant.scopes.includes(scope) };
}
