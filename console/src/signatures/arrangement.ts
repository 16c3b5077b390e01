/**
 * The signatures as they are tried: folder by folder, those in no folder last, in each by the order of the list. Moving one
 * changes the order, its folder, or both.
 */
import type { FolderEntry, SignatureEntry } from "../api/tenant";

export interface Section {
  /** Null: those in no folder. */
  folder: FolderEntry | null;
  signatures: SignatureEntry[];
}

/** The ids of a section's signatures, by the section's key. */
export type Arrangement = Record<string, string[]>;

const LOOSE = "in-no-folder";

export const keyOf = (folder: FolderEntry | null) => (folder ? `folder:${folder.id}` : LOOSE);

export function sectionsOf(signatures: SignatureEntry[], folders: FolderEntry[]): Section[] {
  const known = new Set(folders.map(({ id }) => id));
  const inFolder = (id: string | null) =>
    signatures.filter(({ folder }) => (folder && known.has(folder) ? folder : null) === id);
  return [
    ...folders.map((folder) => ({ folder, signatures: inFolder(folder.id) })),
    { folder: null, signatures: inFolder(null) },
  ];
}

export const arrangementOf = (sections: Section[]): Arrangement =>
  Object.fromEntries(sections.map(({ folder, signatures }) => [keyOf(folder), signatures.map(({ id }) => id)]));

/** All ids in the order in which they are tried. */
export const orderOf = (sections: Section[], arrangement: Arrangement): string[] =>
  sections.flatMap(({ folder }) => arrangement[keyOf(folder)] ?? []);

/** The section in which a signature is. */
export const sectionOf = (sections: Section[], arrangement: Arrangement, id: string): Section | undefined =>
  sections.find(({ folder }) => arrangement[keyOf(folder)]?.includes(id));

/** One place up (-1) or down (1); past the edge of its section it goes into the next. Null where there is no place. */
export function shifted(sections: Section[], arrangement: Arrangement, id: string, by: -1 | 1): Arrangement | null {
  const at = sections.findIndex(({ folder }) => arrangement[keyOf(folder)]?.includes(id));
  if (at < 0) return null;
  const key = keyOf(sections[at]!.folder);
  const ids = arrangement[key]!;
  const place = ids.indexOf(id) + by;
  if (place >= 0 && place < ids.length) {
    const moved = ids.filter((each) => each !== id);
    moved.splice(place, 0, id);
    return { ...arrangement, [key]: moved };
  }
  const next = sections[at + by];
  if (!next) return null;
  const nextKey = keyOf(next.folder);
  const nextIds = arrangement[nextKey] ?? [];
  return {
    ...arrangement,
    [key]: ids.filter((each) => each !== id),
    [nextKey]: by < 0 ? [...nextIds, id] : [id, ...nextIds],
  };
}

/** The same signatures as another arrangement would have them, for showing it before the server has answered. */
export function rearranged(sections: Section[], arrangement: Arrangement): SignatureEntry[] {
  const byId = new Map(sections.flatMap(({ signatures }) => signatures.map((each) => [each.id, each] as const)));
  return sections.flatMap(({ folder }) =>
    (arrangement[keyOf(folder)] ?? []).flatMap((id) => {
      const signature = byId.get(id);
      return signature ? [inFolderOf(signature, folder)] : [];
    }),
  );
}

/** A signature as it is in that folder. */
export function inFolderOf(signature: SignatureEntry, folder: FolderEntry | null): SignatureEntry {
  const { folder: _, ...rest } = signature;
  return folder ? { ...rest, folder: folder.id } : rest;
}
