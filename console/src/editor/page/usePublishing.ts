/**
 * Publishing: the draft becomes what mail is signed with, unless somebody else has changed the signature meanwhile.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, at, revised } from "../../api/client";
import { isOutdated, isProblem } from "../../api/problem";
import { tenantKey } from "../../api/tenant";
import type { Fault, SignatureEntry } from "../design/types";
import type { Published } from "./useEditing";
import { same } from "./same";

const path = (tenant: string, signature: string) => ({ path: { tenant, signature } });

export async function fetchSignature(tenant: string, signature: string): Promise<Published> {
  const { value, revision } = await revised(
    api.GET("/api/v1/tenants/{tenant}/signatures/{signature}", { params: path(tenant, signature) }),
  );
  return { entry: value, revision };
}

/** A proposal becomes a signature, at the end of the list. */
async function post(tenant: string, entry: SignatureEntry): Promise<Published> {
  const { revision } = await revised(
    api.POST("/api/v1/tenants/{tenant}/signatures", { params: { path: { tenant } }, body: entry }),
  );
  return { entry, revision };
}

async function put(tenant: string, entry: SignatureEntry, revision: string): Promise<Published> {
  const { revision: next } = await revised(
    api.PUT("/api/v1/tenants/{tenant}/signatures/{signature}", {
      params: path(tenant, entry.id),
      headers: at(revision),
      body: entry,
    }),
  );
  return { entry, revision: next };
}

/** Somebody else has published meanwhile. */
export class Overtaken extends Error {
  constructor(readonly theirs: Published) {
    super("The signature was changed meanwhile.");
  }
}

/**
 * The revision is the tenant's: another signature, or the directory, may have moved it on. Only when this signature is
 * another one now is there anything to decide.
 */
export async function publish(tenant: string, entry: SignatureEntry, base: Published): Promise<Published> {
  if (base.isNew) return post(tenant, entry);
  try {
    return await put(tenant, entry, base.revision);
  } catch (error) {
    if (!isOutdated(error)) throw error;
    const now = await fetchSignature(tenant, entry.id);
    if (!same(now.entry, base.entry)) throw new Overtaken(now);
    return put(tenant, entry, now.revision);
  }
}

interface Work {
  entry: SignatureEntry;
  base: Published;
  /** While something else is done to the signature. What is asked for meanwhile begins after it, at the revision that it left. */
  isHeld: boolean;
  onPublished: (published: Published) => void;
  onFailed: (error: unknown) => void;
}

export function usePublishing(tenant: string, { entry, base, isHeld, onPublished, onFailed }: Work) {
  const client = useQueryClient();
  const [state, setState] = useState<"idle" | "asked" | "running">("idle");
  const [faults, setFaults] = useState<Fault[]>([]);
  const [theirs, setTheirs] = useState<Published | null>(null);
  const { mutate } = useMutation({
    mutationFn: (of: { entry: SignatureEntry; base: Published }) => publish(tenant, of.entry, of.base),
    onMutate: () => setFaults([]),
    onSuccess: (published) => {
      void client.invalidateQueries({ queryKey: tenantKey(tenant) });
      onPublished(published);
    },
    onError: (error) => {
      if (error instanceof Overtaken) return setTheirs(error.theirs);
      if (isProblem(error) && error.status === 422) setFaults(error.faults);
      onFailed(error);
    },
    onSettled: () => setState("idle"),
  });
  useEffect(() => {
    if (state !== "asked" || isHeld) return;
    setState("running");
    mutate({ entry, base });
  }, [state, isHeld, entry, base, mutate]);

  return {
    /** Once, however often it is asked for meanwhile. */
    publish: () => setState((now) => (now === "idle" ? "asked" : now)),
    isPublishing: state !== "idle",
    faults,
    setFaults,
    theirs,
    setTheirs,
  };
}
