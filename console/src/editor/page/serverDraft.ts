/**
 * The draft of a signature as the server keeps it for all who draw it: read, saved at the version that was seen, marked,
 * thrown away.
 */
import { api, at, revised } from "../../api/client";
import { isProblem } from "../../api/problem";
import type { SignatureEntry } from "../design/types";

export interface ServerDraft {
  entry: SignatureEntry;
  /** The signature that it was begun from; null of a proposal. */
  base: SignatureEntry | null;
  version: string;
  /** When it was saved, as an instant, and by whom. */
  saved: string;
  who: string;
}

const path = (tenant: string, signature: string) => ({ path: { tenant, signature } });

export async function fetchDraft(tenant: string, signature: string): Promise<ServerDraft | null> {
  try {
    const { value, revision } = await revised(
      api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/draft", { params: path(tenant, signature) }),
    );
    const { draft, base, time, who } = value;
    return { entry: draft, base: base ?? null, version: revision, saved: time, who };
  } catch (error) {
    if (isProblem(error) && error.status === 404) return null;
    throw error;
  }
}

/** `version` is the one that was seen; null makes a draft where none is. Gives the new one. */
export async function putDraft(
  tenant: string,
  { entry, base }: { entry: SignatureEntry; base: SignatureEntry | null },
  version: string | null,
): Promise<string> {
  const { revision } = await revised(
    api.PUT("/api/v1/tenants/{tenant}/signatures/{signature}/draft", {
      params: path(tenant, entry.id),
      headers: version ? at(version) : { "If-None-Match": "*" },
      body: { draft: entry, base: base ?? undefined },
    }),
  );
  return revision;
}

/** One that is gone already is gone. */
export async function deleteDraft(tenant: string, signature: string, version: string): Promise<void> {
  try {
    await api.DELETE("/api/v1/tenants/{tenant}/signatures/{signature}/draft", {
      params: path(tenant, signature),
      headers: at(version),
    });
  } catch (error) {
    if (!isProblem(error) || error.status !== 404) throw error;
  }
}

/** Asks for it to be published (`waiting`), sends it back (`returned`), or takes either back. */
export const markDraft = (
  tenant: string,
  signature: string,
  state: "open" | "waiting" | "returned",
  note?: string,
): Promise<unknown> =>
  api.PUT("/api/v1/tenants/{tenant}/signatures/{signature}/draft/state", {
    params: path(tenant, signature),
    body: { state, note },
  });
