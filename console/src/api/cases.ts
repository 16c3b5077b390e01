/** Test cases: what is kept of messages, and whether each gets what it is to get. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "./client";
import { tenantKey } from "./tenant";

export type CaseTried = Schemas["CaseTried"];
export type TestCase = Schemas["TestCase"];
export type TestMessage = Schemas["TestMessage"];
export type CaseFailing = Schemas["CaseFailing"];
export type Deviation = Schemas["DeviationTold"];

/** Each is tried anew whenever it is asked. */
export const casesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "cases"],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/tenants/{tenant}/cases", { params: { path: { tenant } } }))).cases,
  });

export const createCase = (tenant: string, body: TestCase) =>
  answer(api.POST("/api/v1/tenants/{tenant}/cases", { params: { path: { tenant } }, body }));

export const replaceCase = (tenant: string, id: string, body: TestCase) =>
  answer(api.PUT("/api/v1/tenants/{tenant}/cases/{case}", { params: { path: { tenant, case: id } }, body }));

export const removeCase = (tenant: string, id: string) =>
  answer(api.DELETE("/api/v1/tenants/{tenant}/cases/{case}", { params: { path: { tenant, case: id } } }));
