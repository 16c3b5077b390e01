/** The acts of a tenant, page by page, and whether the trail is as it was written. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../api/client";
import { tenantKey } from "../api/tenant";
import type { SoughtActs } from "./filter";

const PAGE = 50;

export type Verification = Schemas["AuditVerification"];

export const actsQuery = (tenant: string, sought: SoughtActs) =>
  infiniteQueryOptions({
    queryKey: [...tenantKey(tenant), "audit", sought],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/audit", {
          params: { path: { tenant }, query: { ...sought, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const verificationQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "audit-verification"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/audit/verification", { params: { path: { tenant } } })),
  });

/** Where the same acts are downloaded. */
export const exportAddress = (tenant: string, form: "csv" | "jsonl", sought: SoughtActs) =>
  `/api/v1/tenants/${encodeURIComponent(tenant)}/audit.${form}?${new URLSearchParams({ ...sought }).toString()}`;
