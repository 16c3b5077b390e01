/**
 * The roles of a team: what each is called, what it may do, and who may give it.
 */
import type { TFunction } from "i18next";
import type { Role } from "../api/session";

export const ROLES: Role[] = ["owner", "administrator", "editor", "designer", "auditor", "support"];

/** A role that a later server knows is called as the server calls it. */
export function roleName(role: string, t: TFunction): string {
  const names: Record<string, string> = {
    owner: t("Owner"),
    administrator: t("Administrator"),
    editor: t("Editor"),
    designer: t("Designer"),
    auditor: t("Auditor"),
    support: t("Support"),
  };
  return names[role] ?? role;
}

export function roleMeans(role: Role, t: TFunction): string {
  return {
    owner: t("May do everything, and alone makes other owners."),
    administrator: t("May do everything else: settings, mode, Microsoft 365, the team and its API tokens."),
    editor: t("Makes and publishes signatures and their rules, and looks after the people."),
    designer: t("Works on drafts of signatures. Somebody else publishes them."),
    auditor: t("Sees everything, the audit log as well. Changes nothing."),
    support: t("Sees signatures, people and messages, to answer why a mail is as it is. Changes nothing."),
  }[role];
}

/** Nobody makes anybody more than oneself, or takes that away. */
export function mayGive(own: string, role: string): boolean {
  return own === "owner" || (own === "administrator" && role !== "owner");
}
