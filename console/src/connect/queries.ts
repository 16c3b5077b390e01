/**
 * What the console asks about a tenant's connection. The keys stand below the tenant's, so that a change asks anew; but
 * the checks, which take their time, are asked again by hand alone.
 */
import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../api/client";
import { tenantKey } from "../api/tenant";

export type ConnectionNow = Schemas["ConnectionNow"];
export type CertificateSeen = Schemas["CertificateShown"];
export type MailFlowCheck = Schemas["MailFlowCheck"];
export type MailFlowChecks = Schemas["MailFlowChecks"];
export type Script = Schemas["Script"];

const path = (tenant: string) => ({ params: { path: { tenant } } });

/** How the connection stands. Asked often while a first message is awaited. */
export const connectionQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "connection"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/connection", path(tenant))),
    refetchInterval: ({ state: { data } }) => (data && !data.last_mail && data.missing.length === 0 ? 4_000 : 30_000),
  });

/** The DNS record by which a domain is proven. */
export const proofQuery = (tenant: string, domain: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "connection", "proof", domain],
    queryFn: () =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/connection/proof", { params: { path: { tenant }, query: { domain } } }),
      ),
    staleTime: Infinity,
  });

/** The domains that the organisation has at Microsoft. */
export const organisationDomainsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "connection", "domains"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/connection/domains", path(tenant))),
    retry: false,
  });

/** The script that connects; it holds a secret word and is forgotten when it is shown no more. */
export const scriptQuery = (tenant: string, pilotGroup: string | undefined) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "connection", "script", pilotGroup ?? ""],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/connection/script", {
          params: { path: { tenant }, query: { pilot_group: pilotGroup } },
          signal,
        }),
      ),
    gcTime: 0,
  });

/** The script that disconnects. */
export const removalQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "connection", "removal"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/connection/removal", path(tenant))),
    gcTime: 0,
  });

/** The script that looks at connectors and rules. */
export const inspectionQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "connection", "inspection"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/connection/inspection", path(tenant))),
    gcTime: 0,
  });

/** The checks of the mail flow, which look into DNS and at the next hop and take some seconds. */
export const checksQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["mail-flow-checks", tenant],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/connection/checks", path(tenant))),
    staleTime: 10 * 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
