/**
 * What an API token may be permitted, in words, by what it is about.
 */
import type { TFunction } from "i18next";

interface ScopeGroup {
  label: string;
  scopes: { scope: string; label: string }[];
}

export function scopeGroups(t: TFunction): ScopeGroup[] {
  return [
    {
      label: t("Signatures"),
      scopes: [
        { scope: "signatures:read", label: t("See signatures, their rules and history") },
        { scope: "drafts:write", label: t("Work on drafts") },
        { scope: "signatures:write", label: t("Change and publish signatures") },
      ],
    },
    {
      label: t("People"),
      scopes: [
        { scope: "people:read", label: t("See people and groups") },
        { scope: "people:write", label: t("Change people, import CSV files, read the directory") },
      ],
    },
    {
      label: t("Messages"),
      scopes: [{ scope: "decisions:read", label: t("See what became of each message") }],
    },
    {
      label: t("Organisation"),
      scopes: [
        { scope: "tenant:read", label: t("See settings and mode") },
        { scope: "mode:write", label: t("Switch between observe, pilot, live and bypass") },
        { scope: "tenant:write", label: t("Change settings, or replace everything by a file") },
        { scope: "connect:write", label: t("Change how Microsoft 365 is connected") },
      ],
    },
    {
      label: t("Team and log"),
      scopes: [
        { scope: "audit:read", label: t("See the audit log") },
        { scope: "team:read", label: t("See the team, invitations and tokens") },
        { scope: "team:write", label: t("Change the team, invite, make and revoke tokens") },
      ],
    },
  ];
}

/** What a token permits; a scope that this console does not know stands as the server has it. */
export function scopesInWords(scopes: string[], t: TFunction): string[] {
  const known = scopeGroups(t).flatMap((group) => group.scopes);
  return scopes.map((scope) => known.find((each) => each.scope === scope)?.label ?? scope);
}
