/** Which acts are looked for: what the form says, and what the API is asked. */
import type { TFunction } from "i18next";

export interface ActFilter {
  /** The id of an account or a token, or `command`. */
  author: string;
  action: string;
  object: string;
  /** Empty: without a limit. */
  days: string;
}

export interface SoughtActs {
  author?: string;
  action?: string;
  object?: string;
  from?: string;
}

export const ALL_ACTS: ActFilter = { author: "", action: "", object: "", days: "" };

const DAY = 24 * 60 * 60 * 1000;

export function soughtActs({ author, action, object, days }: ActFilter, now: Date): SoughtActs {
  const sought: SoughtActs = {};
  if (author) sought.author = author;
  if (action) sought.action = action;
  if (object.trim()) sought.object = object.trim();
  // To the day, so that the same filter is the same question all day long.
  if (days) sought.from = new Date(Math.floor(now.getTime() / DAY - Number(days)) * DAY).toISOString().slice(0, 19) + "Z";
  return sought;
}

/** The id of whoever did it, by which other acts of theirs are found. */
export function authorOf(author: string): string {
  const [kind = "", id = ""] = author.split(" ");
  return kind === "account" || kind === "token" ? id : kind;
}

/** What can be done, by the first word of the action. */
export const kindsOfActs = (t: TFunction): [string, string][] => [
  ["signature", t("Signatures")],
  ["draft", t("Drafts")],
  ["case", t("Test cases")],
  ["folder", t("Switching folders")],
  ["folders", t("Folders")],
  ["image", t("Pictures")],
  ["brand", t("Brand")],
  ["mode", t("Mode")],
  ["member", t("Team")],
  ["invitation", t("Invitations")],
  ["token", t("API tokens")],
  ["sign_in", t("How the team signs in")],
  ["directory", t("Directory")],
  ["override", t("Facts put right by hand")],
  ["connection", t("Connection")],
  ["certificate", t("Certificates")],
  ["retention", t("How long records are kept")],
  ["organisation", t("Facts of the organisation")],
  ["subscription", t("Subscription")],
  ["tenant", t("The organisation as a whole")],
  ["audit", t("The audit log itself")],
];
