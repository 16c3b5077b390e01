/**
 * What can be done to the signatures and folders of a tenant, each as calls of the API at the revision that was seen. Where
 * one act needs several calls, each goes on from the revision that the one before has made.
 */
import { answer, api, at, revised } from "../api/client";
import type { FolderEntry, SignatureEntry } from "../api/tenant";

/** Where a change is made, and at which revision. */
export interface Seen {
  tenant: string;
  revision: string;
}

type Changed = { revision: number };

const after = ({ tenant }: Seen, { revision }: Changed): Seen => ({ tenant, revision: `"${revision}"` });

export const create = async (seen: Seen, signature: SignatureEntry): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.POST("/api/v1/tenants/{tenant}/signatures", {
        params: { path: { tenant: seen.tenant } },
        headers: at(seen.revision),
        body: signature,
      }),
    ),
  );

export const replace = async (seen: Seen, signature: SignatureEntry): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.PUT("/api/v1/tenants/{tenant}/signatures/{signature}", {
        params: { path: { tenant: seen.tenant, signature: signature.id } },
        headers: at(seen.revision),
        body: signature,
      }),
    ),
  );

export const remove = async (seen: Seen, signature: string): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.DELETE("/api/v1/tenants/{tenant}/signatures/{signature}", {
        params: { path: { tenant: seen.tenant, signature } },
        headers: at(seen.revision),
      }),
    ),
  );

export const setEnabled = async (seen: Seen, signature: string, enabled: boolean): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.PUT("/api/v1/tenants/{tenant}/signatures/{signature}/enabled", {
        params: { path: { tenant: seen.tenant, signature } },
        headers: at(seen.revision),
        body: { enabled },
      }),
    ),
  );

export const reorder = async (seen: Seen, signatures: string[]): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.PUT("/api/v1/tenants/{tenant}/signature-order", {
        params: { path: { tenant: seen.tenant } },
        headers: at(seen.revision),
        body: { signatures },
      }),
    ),
  );

export const setFolders = async (seen: Seen, folders: FolderEntry[]): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.PUT("/api/v1/tenants/{tenant}/folders", {
        params: { path: { tenant: seen.tenant } },
        headers: at(seen.revision),
        body: { folders },
      }),
    ),
  );

export const restore = async (seen: Seen, signature: string, version: number): Promise<Seen> =>
  after(
    seen,
    await answer(
      api.POST("/api/v1/tenants/{tenant}/signatures/{signature}/versions/{version}/restore", {
        params: { path: { tenant: seen.tenant, signature, version: String(version) } },
        headers: at(seen.revision),
      }),
    ),
  );

/** Into another folder and order. What is in the same folder as before needs the second call alone. */
export async function rearrange(seen: Seen, moved: SignatureEntry | null, order: string[]): Promise<Seen> {
  return reorder(moved ? await replace(seen, moved) : seen, order);
}

/** A copy, switched off, right behind the original. */
export async function duplicate(seen: Seen, copy: SignatureEntry, order: string[]): Promise<Seen> {
  return reorder(await create(seen, copy), order);
}

/** Takes a removal back: the signature is again what it was last, where it stood. */
export async function restoreRemoved(seen: Seen, signature: string, order: string[]): Promise<Seen> {
  const { value } = await revised(
    api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/versions", {
      params: { path: { tenant: seen.tenant, signature } },
    }),
  );
  const last = value.versions.find(({ removed }) => !removed);
  return last ? reorder(await restore(seen, signature, last.version), order) : seen;
}
