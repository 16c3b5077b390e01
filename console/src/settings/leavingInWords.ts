/**
 * How far an organisation is on its way out, in words.
 */
import type { TFunction } from "i18next";
import type { Organisation } from "./queries";

export function leavingInWords(leaving: NonNullable<Organisation["leaving"]>, t: TFunction, language: string): string {
  const date = (when: string) => new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(when));
  const ends = t("If no more comes, everything is removed on {{date}}.", { date: date(leaving.ends) });
  const came = leaving.last_mail
    ? t("Messages go through unsigned; the newest came on {{date}}.", { date: date(leaving.last_mail) })
    : t("Messages go through unsigned; none has come since {{date}}.", { date: date(leaving.since) });
  return `${came} ${ends}`;
}
