/**
 * Puts what was imported: first its pictures, then the signature, switched off.
 */
import { answer, api, revised } from "../api/client";
import type { SignatureEntry } from "../api/tenant";
import type { Design } from "../editor/design/types";
import { create } from "../signatures/changes";
import { idFor } from "../signatures/ids";
import type { Ready } from "./useMade";

/** The id of the signature. */
export async function put(tenant: string, name: string, design: Design, pictures: Ready[]): Promise<string> {
  const path = { tenant };
  const { images } = await answer(api.GET("/api/v1/tenants/{tenant}/images", { params: { path } }));
  const taken = images.map(({ id }) => id);
  const ids = new Map<string, string>();
  for (const { id, name, blob } of pictures) {
    const image = idFor(name, taken, "picture");
    taken.push(image);
    ids.set(id, image);
    await api.PUT("/api/v1/tenants/{tenant}/images/{image}", {
      params: { path: { tenant, image } },
      headers: { "Content-Type": blob.type },
      body: blob as never,
      bodySerializer: (body) => body as unknown as Blob,
    });
  }
  const { value, revision } = await revised(api.GET("/api/v1/tenants/{tenant}/signatures", { params: { path } }));
  const id = idFor(
    name,
    value.signatures.map((one: SignatureEntry) => one.id),
    "signature",
  );
  await create({ tenant, revision }, { id, name, enabled: false, design: renamed(design, ids) });
  return id;
}

/** The design with its pictures called as they were put. */
export function renamed(design: Design, ids: ReadonlyMap<string, string>): Design {
  const text = JSON.stringify(design, (key, value: unknown) =>
    key === "image" ? (ids.get(value as string) ?? value) : value,
  );
  return JSON.parse(text) as Design;
}
