/**
 * What the console asks about a tenant. All keys begin with `["tenant", id]`, so that whatever changes a tenant can make
 * all of them be asked again.
 */
import { queryOptions } from "@tanstack/react-query";
import { answer, api, revised, type Schemas } from "./client";

export type Mode = Schemas["Mode"];
export type ModeNow = Schemas["ModeNow"];
export type SignatureEntry = Schemas["SignatureEntry"];
export type FolderEntry = Schemas["FolderEntry"];
export type PersonEntry = Schemas["PersonEntry"];
export type DraftSummary = Schemas["DraftSummary"];
export type GroupSummary = Schemas["GroupSummary"];

export const tenantKey = (tenant: string) => ["tenant", tenant] as const;

const path = (tenant: string) => ({ params: { path: { tenant } } });

export const summaryQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "summary"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}", path(tenant))),
  });

export const modeQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "mode"],
    queryFn: () => revised(api.GET("/api/v1/tenants/{tenant}/mode", path(tenant))),
    refetchInterval: 30_000,
  });

export const signaturesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "signatures"],
    queryFn: async () => {
      const { value, revision } = await revised(api.GET("/api/v1/tenants/{tenant}/signatures", path(tenant)));
      return { signatures: value.signatures, revision };
    },
  });

/** What somebody draws and no mail shows yet. */
export const draftsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "drafts"],
    queryFn: async () => (await answer(api.GET("/api/v1/tenants/{tenant}/drafts", path(tenant)))).drafts,
  });

export const foldersQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "folders"],
    queryFn: async () => {
      const { value, revision } = await revised(api.GET("/api/v1/tenants/{tenant}/folders", path(tenant)));
      return { folders: value.folders, revision };
    },
  });

/** Asked often while the directory is being read, so that progress is seen. */
export const directoryQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "directory"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/directory", path(tenant))),
    refetchInterval: ({ state }) => (state.data?.status?.running ? 1_500 : 30_000),
  });

/** Some people; with a search those whose id, addresses or facts have it in them. */
export const peopleQuery = (tenant: string, search: string, limit = 20) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "people", search, limit],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/people", {
          params: { path: { tenant }, query: { search: search || undefined, limit } },
          signal,
        }),
      ),
  });

export const groupsQuery = (tenant: string, search: string, limit = 20) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "groups", search, limit],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/groups", {
          params: { path: { tenant }, query: { search: search || undefined, limit } },
          signal,
        }),
      ),
  });

export const personQuery = (tenant: string, person: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "person", person],
    queryFn: () =>
      answer(api.GET("/api/v1/tenants/{tenant}/people/{person}", { params: { path: { tenant, person } } })),
  });

export const templatesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "templates"],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/templates", path(tenant))),
    staleTime: Infinity,
  });

export const templateQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "template", id],
    queryFn: () => answer(api.GET("/api/v1/tenants/{tenant}/templates/{template}", { params: { path: { tenant, template: id } } })),
    staleTime: Infinity,
  });

/** What is looked for among the records of messages. */
export interface Sought {
  message_id?: string;
  address?: string;
  from?: string;
  until?: string;
  outcome?: string;
  reason?: string;
  signature?: string;
}

export const decisionsQuery = (tenant: string, sought: Sought, limit: number) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "decisions", sought, limit],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/decisions", {
          params: { path: { tenant }, query: { ...sought, limit } },
          signal,
        }),
      ),
  });

/** A saved signature, drawn for a person. */
export const previewQuery = (tenant: string, signature: string, person: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "preview", signature, person],
    queryFn: () =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/preview", {
          params: { path: { tenant, signature }, query: { person } },
        }),
      ),
  });
