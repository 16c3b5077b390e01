/**
 * What the editor opens: a signature with the draft that there may be of it, or a proposal, which is a draft alone.
 */
import { isProblem } from "../../api/problem";
import type { SignatureEntry } from "../design/types";
import { fetchDraft } from "./serverDraft";
import type { Opened, Published } from "./useEditing";
import { fetchSignature } from "./usePublishing";

/** Null: neither is there. */
export async function openSignature(tenant: string, signature: string): Promise<Opened | null> {
  const [published, draft] = await Promise.all([publishedOrNull(tenant, signature), fetchDraft(tenant, signature)]);
  if (published) return { published, draft };
  return draft && { published: { entry: nothingYet(signature), revision: "*", isNew: true }, draft };
}

async function publishedOrNull(tenant: string, signature: string): Promise<Published | null> {
  try {
    return await fetchSignature(tenant, signature);
  } catch (error) {
    if (isProblem(error) && error.status === 404) return null;
    throw error;
  }
}

/** What every proposal begins from. */
const nothingYet = (id: string): SignatureEntry => ({
  id,
  name: "",
  enabled: false,
  design: { version: 1, blocks: [] },
});
