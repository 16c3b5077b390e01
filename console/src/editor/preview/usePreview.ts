/**
 * What the server's renderer makes of the draft for a person. It follows the typing a quarter of a second behind.
 */
import { hashKey, keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api } from "../../api/client";
import { tenantKey } from "../../api/tenant";
import { useDebounced } from "../../components/useDebounced";
import { drawable } from "../design/drawable";
import type { Rendered, SignatureEntry } from "../design/types";

const BEHIND = 250;

/** `images`: `embedded` for looking at it, as it is mailed for judging it. */
export function usePreview(
  tenant: string,
  entry: SignatureEntry,
  person: string | undefined,
  images: SignatureEntry["images"],
  enabled = true,
) {
  // Its conditions do not show; one that is being written would only be refused.
  const { id, design } = entry;
  const signature = useMemo(() => ({ id, images, design: drawable(design) }) as SignatureEntry, [id, images, design]);
  const settled = useDebounced(signature, BEHIND);
  return useQuery({
    queryKey: [...tenantKey(tenant), "preview", person, hashKey([settled])],
    enabled: enabled && person !== undefined,
    queryFn: ({ signal }): Promise<Rendered> =>
      answer(
        api.POST("/api/v1/tenants/{tenant}/preview", {
          params: { path: { tenant } },
          body: { person: person ?? "", signature: settled },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
}
