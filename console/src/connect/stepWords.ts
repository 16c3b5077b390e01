/**
 * The steps of connecting in words: what each is called, and how it stands in one line.
 */
import type { TFunction } from "i18next";
import type { Known, Step, StepName, StepState } from "./steps";

export function stepTitle(name: StepName, t: TFunction): string {
  return {
    domain: t("Your domain"),
    consent: t("Directory at Microsoft"),
    certificate: t("Certificate"),
    exchange: t("Connectors and rules"),
    mail: t("A first message"),
    checks: t("Checks"),
  }[name];
}

/** The state for those who do not see the sign. */
export function stateInWords(state: StepState, t: TFunction): string {
  return {
    done: t("Done"),
    attention: t("Needs attention"),
    next: t("Next"),
    open: t("To do"),
    blocked: t("Later"),
    unavailable: t("Not available"),
  }[state];
}

/** One line below the title. */
export function stepLine(step: Step, known: Known, t: TFunction, language: string): string {
  if (step.state === "blocked") {
    return t("First: {{steps}}", { steps: step.needs.map((need) => stepTitle(need, t)).join(", ") });
  }
  const { connection, checks } = known;
  const date = (when: string) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(when));
  const moment = (when: string) =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(when));
  switch (step.name) {
    case "domain":
      return connection.domains.length ? connection.domains.join(", ") : t("Prove that it is yours");
    case "consent":
      if (step.state === "attention") return t("The consent was taken back, or it is missing");
      if (connection.consented) {
        return t("Consent given, last confirmed on {{date}}", { date: date(connection.consented) });
      }
      return t("Optional: names and titles can come from a CSV file as well");
    case "certificate":
      if (!connection.certificate) return t("By which Microsoft 365 knows whose mail comes back");
      return t("{{name}}, until {{date}}", {
        name: connection.certificate.accepted_name ?? connection.certificate.names[0] ?? connection.certificate.issuer,
        date: date(connection.certificate.not_after),
      });
    case "exchange":
      return step.state === "done" ? t("In place: mail comes through") : t("One script for Exchange Online");
    case "mail":
      return connection.last_mail
        ? t("Newest message: {{when}}", { when: moment(connection.last_mail) })
        : t("None has come through yet");
    case "checks": {
      if (!checks) return t("Certificate, next hop, SPF, DKIM, DMARC and what came back");
      const wrong = checks.checks.filter(({ outcome }) => outcome === "failed" || outcome === "warning").length;
      return wrong ? t("{{count}} need a look", { count: wrong }) : t("Nothing to put right");
    }
  }
}
