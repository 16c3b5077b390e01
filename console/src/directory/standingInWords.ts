/**
 * How the reading of a directory stands, and how far it is, in sentences.
 */
import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";
import type { DirectoryNow, Standing } from "./standing";

export function standingInWords(standing: Standing, { status }: DirectoryNow, t: TFunction, language: string): string {
  const moment = (ms: number) =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(ms));
  const read = status?.result ? moment(status.result.ended_ms) : "";
  const next = status ? moment(status.next_ms) : "";
  const has = { what: countInWords(status ?? {}, t), read, next };
  switch (standing) {
    case "off":
      return t("Not connected. People come from your tenant file or a CSV file alone.");
    case "no_consent":
      return t("An administrator of your organisation has to consent once, at Microsoft.");
    case "not_authorised":
      return t("Microsoft does not let us read it: the consent is missing or was taken back.");
    case "running":
      return t("It is being read now.");
    case "first":
      return t("It is read for the first time in a moment.");
    case "failing":
      return t("The last read failed; {{what}} stay as they were. Next try {{next}}.", has);
    case "fine":
      return t("{{what}}, read {{read}}. Next time {{next}}.", has);
  }
}

export function progressInWords(progress: Schemas["SyncProgress"], t: TFunction, language: string): string {
  const stage = {
    people: t("Reading people"),
    groups: t("Reading groups"),
    photos: t("Reading photos"),
  }[progress.stage ?? "people"];
  const done = t("{{what}} so far", { what: countInWords(progress.done ?? {}, t) });
  if (progress.waiting_until_ms == null) return `${stage}: ${done}`;
  const at = new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(progress.waiting_until_ms));
  return t("{{stage}}: {{done}}. Microsoft has asked us to wait until {{at}}.", { stage, done, at });
}

/** “2 people and 1 group”. */
function countInWords({ people = 0, groups = 0 }: { people?: number; groups?: number }, t: TFunction): string {
  return t("{{people}} and {{groups}}", {
    people: t("{{count, number}} people", { count: people }),
    groups: t("{{count, number}} groups", { count: groups }),
  });
}
