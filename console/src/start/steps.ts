/**
 * The way from a new organisation to signed mail, in five steps, and which of them are done by what the API tells.
 */
import type { FolderEntry, ModeNow, SignatureEntry } from "../api/tenant";
import { outcomeOf, type Decision } from "../mail/outcome";
import { wordOf } from "../mode/modes";

export type StepName = "connect" | "directory" | "signature" | "test" | "live";

export interface Known {
  /** The newest records of messages; nothing for whoever may not see them, to whom nobody says whether mail comes. */
  decisions: Decision[] | null;
  /** A message came, be it that no records are kept. */
  mailCame: boolean;
  someone: boolean;
  signatures: SignatureEntry[];
  folders: FolderEntry[];
  mode: ModeNow;
}

export interface Step {
  name: StepName;
  done: boolean;
}

export function stepsOf({ decisions, mailCame, someone, signatures, folders, mode }: Known): Step[] {
  const word = wordOf(mode.mode);
  const off = new Set(folders.filter(({ enabled }) => enabled === false).map(({ id }) => id));
  const used = signatures.some(({ enabled, folder }) => enabled && !(folder && off.has(folder)));
  const live = word === "live" && used;
  const connect: Step[] = decisions ? [{ name: "connect", done: mailCame || decisions.length > 0 }] : [];
  return [
    ...connect,
    { name: "directory", done: someone },
    { name: "signature", done: used },
    { name: "test", done: live || (decisions ?? []).some((each) => outcomeOf(each).kind === "signed") },
    { name: "live", done: live },
  ];
}
