/** The records of messages, page by page; asked again while somebody looks at the first ones. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { tenantKey, type Sought } from "../api/tenant";

const PAGE = 100;
/** Further pages are asked again with the first, so whoever reads on reads what stood there. */
const PAGES_ASKED_AGAIN = 2;

export const recordsQuery = (tenant: string, sought: Sought) =>
  infiniteQueryOptions({
    queryKey: [...tenantKey(tenant), "records", sought],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/decisions", {
          params: { path: { tenant }, query: { ...sought, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= PAGES_ASKED_AGAIN ? 15_000 : false),
  });

/** Where the same records are downloaded as CSV. */
export const csvAddress = (tenant: string, sought: Sought) =>
  `/api/v1/tenants/${encodeURIComponent(tenant)}/decisions.csv?${new URLSearchParams({ ...sought }).toString()}`;
