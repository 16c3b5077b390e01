/**
 * The pictures of the organisation, and putting new ones.
 */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { tenantKey } from "../api/tenant";
import type { ImageSummary } from "../editor/design/types";
import { idFor } from "../signatures/ids";
import { prepare } from "./prepare";

const imagesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "images"],
    queryFn: async () => {
      const { images } = await answer(api.GET("/api/v1/tenants/{tenant}/images", { params: { path: { tenant } } }));
      return images;
    },
  });

/** Where a picture of the organisation is found. */
export const pictureAddress = (tenant: string, id: string) =>
  `/api/v1/tenants/${encodeURIComponent(tenant)}/images/${encodeURIComponent(id)}`;

export function useImages(tenant: string) {
  return useQuery(imagesQuery(tenant));
}

export interface Uploaded {
  id: string;
  width: number;
  height: number;
}

/** Uploads a file, made fit for the width in which it is shown. */
export function useUpload(tenant: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, shown }: { file: File; shown: number }): Promise<Uploaded> => {
      const known: ImageSummary[] = await client.ensureQueryData(imagesQuery(tenant));
      const { blob, width, height } = await prepare(file, shown);
      const stem = file.name.replace(/\.[^.]*$/, "");
      const image = idFor(
        stem,
        known.map(({ id }) => id),
        "picture",
      );
      await api.PUT("/api/v1/tenants/{tenant}/images/{image}", {
        params: { path: { tenant, image } },
        headers: { "Content-Type": blob.type },
        body: blob as never,
        bodySerializer: (body) => body as unknown as Blob,
      });
      await client.invalidateQueries({ queryKey: imagesQuery(tenant).queryKey });
      return { id: image, width, height };
    },
  });
}
