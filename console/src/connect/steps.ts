/**
 * The way to a connected Microsoft 365 in six steps, and how each stands by what the API tells.
 *
 * Nothing is remembered here: that the connectors and rules are there is known by the first message that comes through.
 */
import type { Standing } from "../directory/standing";
import type { CertificateSeen, ConnectionNow, MailFlowChecks } from "./queries";

export type StepName = "domain" | "consent" | "certificate" | "exchange" | "mail" | "checks";

export const STEP_NAMES: StepName[] = ["domain", "consent", "certificate", "exchange", "mail", "checks"];

/**
 * `next` is what to do now, `open` what can be done as well, `attention` what was done and is not right any more;
 * `blocked` waits for other steps, `unavailable` for the operator.
 */
export type StepState = "done" | "attention" | "next" | "open" | "blocked" | "unavailable";

export interface Step {
  name: StepName;
  state: StepState;
  /** Steps that have to be done before this one. */
  needs: StepName[];
}

export interface Known {
  connection: ConnectionNow;
  /** How the reading of the directory stands. */
  standing?: Standing;
  checks?: MailFlowChecks;
  /** The person would rather go on without the directory. */
  withoutDirectory?: boolean;
  now: Date;
}

export function stepsOf(known: Known): Step[] {
  const steps = STEP_NAMES.map((name) => ({ name, ...standingOfStep(name, known) }));
  const next = steps.find((step) => isNext(step, known))?.name;
  return steps.map((step) => (step.name === next ? { ...step, state: "next" } : step));
}

type Judged = Pick<Step, "state" | "needs">;

function standingOfStep(name: StepName, known: Known): Judged {
  const { connection } = known;
  const missing = STEP_NAMES.filter((step) => connection.missing.includes(step));
  const proven = !missing.includes("domain");
  const came = Boolean(connection.last_mail);
  const after = (needs: StepName[]): Judged => ({ state: needs.length ? "blocked" : "open", needs });
  switch (name) {
    case "domain":
      if (proven) return judged("done");
      return judged(connection.application ? "open" : "unavailable");
    case "consent":
      if (connection.consented) return judged(known.standing === "not_authorised" ? "attention" : "done");
      return connection.application ? after(proven ? [] : ["domain"]) : judged("unavailable");
    case "certificate":
      if (connection.certificate) return judged(certificateNeedsCare(connection.certificate) ? "attention" : "done");
      return after(proven ? [] : ["domain"]);
    case "exchange":
    case "mail":
      return came ? judged("done") : after(missing);
    case "checks":
      if (!proven) return after(["domain"]);
      if (!known.checks) return judged("open");
      return judged(known.checks.checks.some(({ outcome }) => outcome === "failed") ? "attention" : "done");
  }
}

const judged = (state: StepState): Judged => ({ state, needs: [] });

/** The directory is asked for once, in its turn: who has gone on without it is not sent back. */
function isNext({ name, state }: Step, { connection, withoutDirectory, now }: Known): boolean {
  const { certificate } = connection;
  if (name === "certificate" && state === "attention") return certificate ? !works(certificate, now) : false;
  if (state !== "open") return false;
  if (name === "consent") return !withoutDirectory && !certificate && !connection.last_mail;
  return true;
}

/** Something about it will not work, or soon will not. */
const certificateNeedsCare = ({ accepted_name, remarks }: CertificateSeen) => !accepted_name || remarks.length > 0;

/** Microsoft knows the tenant by it, and it is not over. */
const works = ({ accepted_name, not_after }: CertificateSeen, now: Date) =>
  Boolean(accepted_name) && new Date(not_after) > now;
