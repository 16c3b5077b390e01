/**
 * Names of all people and groups that the conditions of some signatures speak of.
 */
import { useNames, type Names } from "../api/names";
import { useTenant } from "../api/session";
import type { SignatureEntry } from "../api/tenant";

export function useNamesOf(signatures: SignatureEntry[]): Names {
  const tenant = useTenant();
  const parts = signatures.flatMap(({ applies, trial }) => [
    applies?.senders,
    applies?.except?.senders,
    typeof applies?.recipients === "object" ? applies.recipients : undefined,
    typeof applies?.except?.recipients === "object" ? applies.except.recipients : undefined,
    trial,
  ]);
  const all = (of: "people" | "groups") => [...new Set(parts.flatMap((part) => part?.[of] ?? []))];
  return useNames(tenant.id, all("people"), all("groups"), tenant.may("people:read"));
}
