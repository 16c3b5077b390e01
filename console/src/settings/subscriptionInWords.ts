/**
 * How the trial or the subscription stands, in a sentence.
 */
import type { TFunction } from "i18next";
import type { Organisation } from "./queries";

export function subscriptionInWords({ subscription }: Organisation, t: TFunction, language: string): string {
  const { state, in_force, ends, trial_days } = subscription;
  const date = ends ? new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(ends)) : "";
  if (state === "none") {
    return trial_days === undefined
      ? t("Nothing is subscribed. Ask the operator of this Signet.")
      : t("Try everything free for {{count}} days. No card is asked for.", { count: trial_days });
  }
  if (state === "trial") {
    return in_force
      ? t("Your trial lasts until {{date}}.", { date })
      : t("Your trial ended on {{date}}. Ask the operator of this Signet to subscribe your organisation.", { date });
  }
  if (!ends) return t("Your organisation is subscribed.");
  return in_force
    ? t("Your organisation is subscribed until {{date}}.", { date })
    : t("Your subscription ended on {{date}}. Ask the operator of this Signet to renew it.", { date });
}
