/**
 * What a person does in the list of signatures, each with what is said when it is done.
 *
 * Acts follow one another: each begins with what the server has answered to the one before, so that two quick clicks are not
 * taken for two people.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { foldersQuery, signaturesQuery, type FolderEntry, type SignatureEntry } from "../api/tenant";
import { useTenantChange } from "../components/useTenantChange";
import { useToasts } from "../components/toasts";
import { inFolderOf, orderOf, rearranged, sectionOf, sectionsOf, type Arrangement } from "./arrangement";
import * as changes from "./changes";
import { idFor } from "./ids";

export function useSignatureActions() {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const signaturesKey = signaturesQuery(tenant).queryKey;
  const foldersKey = foldersQuery(tenant).queryKey;

  const signatures = () => cache.getQueryData(signaturesKey)?.signatures ?? [];
  const folders = () => cache.getQueryData(foldersKey)?.folders ?? [];
  const order = () => signatures().map(({ id }) => id);
  const seen = (): changes.Seen => ({ tenant, revision: cache.getQueryData(signaturesKey)?.revision ?? "*" });
  const one = (id: string) => {
    const found = signatures().find((each) => each.id === id);
    if (!found) throw new Error(t("It is gone meanwhile."));
    return found;
  };

  /** Shows signatures as they will be while the server is asked; as they were if it refuses. */
  const showing = async <T>(next: SignatureEntry[], change: () => Promise<T>): Promise<T> => {
    const before = cache.getQueryData(signaturesKey);
    cache.setQueryData(signaturesKey, (old) => old && { ...old, signatures: next });
    try {
      return await change();
    } catch (error) {
      cache.setQueryData(signaturesKey, before);
      throw error;
    }
  };

  const arrange = useTenantChange(async ({ id, to }: { id: string; to: Arrangement }) => {
    const sections = sectionsOf(signatures(), folders());
    const folder = sectionOf(sections, to, id)?.folder ?? null;
    const moved = inFolderOf(one(id), folder);
    const changesFolder = moved.folder !== one(id).folder;
    await showing(rearranged(sections, to), () =>
      changes.rearrange(seen(), changesFolder ? moved : null, orderOf(sections, to)),
    );
  });

  const enable = useTenantChange(({ id, enabled }: { id: string; enabled: boolean }) =>
    showing(
      signatures().map((each) => (each.id === id ? { ...each, enabled } : each)),
      () => changes.setEnabled(seen(), id, enabled),
    ),
  );

  const duplicate = useTenantChange(
    (original: string) => {
      const signature = one(original);
      const name = t("Copy of {{name}}", { name: signature.name || signature.id });
      const id = idFor(name, order(), "signature");
      const behind = order().flatMap((each) => (each === original ? [each, id] : [each]));
      return changes.duplicate(seen(), { ...signature, id, name, enabled: false }, behind);
    },
    () => toast({ title: t("The copy is switched off until you switch it on") }),
  );

  const rename = useTenantChange(({ id, name }: { id: string; name: string }) =>
    changes.replace(seen(), { ...one(id), name }),
  );

  const takeBack = useTenantChange(({ id, before }: { id: string; before: string[] }) =>
    changes.restoreRemoved(seen(), id, before),
  );
  const remove = useTenantChange(
    async (id: string) => {
      const { name } = one(id);
      const before = order();
      await changes.remove(seen(), id);
      return { name: name || id, before };
    },
    ({ name, before }, id) =>
      toast({
        title: t("“{{name}}” is deleted", { name }),
        action: { label: t("Take it back"), run: () => takeBack.mutate({ id, before }) },
      }),
  );

  const setFolders = useTenantChange(async (change: (folders: FolderEntry[]) => FolderEntry[]) => {
    const before = cache.getQueryData(foldersKey);
    const next = change(folders());
    cache.setQueryData(foldersKey, (old) => old && { ...old, folders: next });
    try {
      await changes.setFolders(seen(), next);
    } catch (error) {
      cache.setQueryData(foldersKey, before);
      throw error;
    }
  });

  return { arrange, enable, duplicate, rename, remove, setFolders };
}

export type SignatureActions = ReturnType<typeof useSignatureActions>;
