/** What the dashboard asks: it is asked again while somebody looks. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../api/client";
import { tenantKey } from "../api/tenant";
import { asked, type Range } from "./ranges";

export type Statistics = Schemas["Statistics"];
export type Figures = Schemas["Figures"];
export type Step = Statistics["steps"][number];

export const statisticsQuery = (tenant: string, range: Range) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "statistics", range],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/statistics", {
          params: { path: { tenant }, query: asked(range, new Date()) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });
