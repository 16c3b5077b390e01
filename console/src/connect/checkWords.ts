/**
 * The checks of the mail flow in words: what each looks at, and what came of it.
 */
import type { TFunction } from "i18next";
import type { MailFlowCheck } from "./queries";

export type Outcome = "good" | "warning" | "failed" | "unknown";

/** What fails first, what is good last. */
const OUTCOMES: Outcome[] = ["failed", "warning", "unknown", "good"];

/** What a newer server may say besides is not known here. */
export const outcomeOf = ({ outcome }: Pick<MailFlowCheck, "outcome">): Outcome =>
  OUTCOMES.find((known) => known === outcome) ?? "unknown";

export function checkTitle({ check, subject }: Pick<MailFlowCheck, "check" | "subject">, t: TFunction): string {
  const names: Record<string, string> = {
    certificate: t("Certificate"),
    next_hop: t("Way back to Microsoft 365"),
    spf: t("SPF"),
    dkim: t("DKIM"),
    dmarc: t("DMARC"),
    returned: t("What Microsoft 365 takes back"),
    mail: t("Mail that comes"),
    connector: t("Connector"),
    rule: t("Rule"),
  };
  const name = names[check] ?? check;
  return subject ? t("{{check}}: {{subject}}", { check: name, subject }) : name;
}

export function outcomeInWords(outcome: Outcome, t: TFunction): string {
  return {
    good: t("Good"),
    warning: t("Needs a look"),
    failed: t("Failed"),
    unknown: t("Not known"),
  }[outcome];
}

/** Otherwise as they came. */
export const worstFirst = (checks: MailFlowCheck[]): MailFlowCheck[] =>
  [...checks].sort((one, other) => OUTCOMES.indexOf(outcomeOf(one)) - OUTCOMES.indexOf(outcomeOf(other)));

/** A record for DNS, where an advice is nothing else: `contoso.com TXT "v=spf1 -all"`. */
export function recordIn(advice: string): { name: string; kind: string; value: string } | null {
  const [, name, kind, value] = /^(\S+) ([A-Z]+) "([^"]*)"$/.exec(advice) ?? [];
  return name && kind && value ? { name, kind, value } : null;
}
