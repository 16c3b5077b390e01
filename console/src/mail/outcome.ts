/**
 * What became of a message, read from its decision record.
 */
import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";

export type Decision = Schemas["Decision"];
export type Leg = Decision["legs"][number];

/** One of them for each message: `signed`, `left` and `repeated` went on, the others did not. */
export const OUTCOMES = ["signed", "left", "repeated", "deferred", "refused", "lost"] as const;
export type OutcomeKind = (typeof OUTCOMES)[number];

export interface Outcome {
  kind: OutcomeKind;
  /** Ids of the signatures that it got. */
  signatures: string[];
  /** Words of the reasons why recipients got none. */
  reasons: string[];
  /** Ids of the signatures that the rules found for those who got none, as in observe mode. */
  wouldBe: string[];
}

/** A message that went on, and that some recipients got signed, is signed. */
export function outcomeOf({ legs, verdict }: Pick<Decision, "legs" | "verdict">): Outcome {
  const each = (words: (leg: Leg) => string[]) => [...new Set(legs.flatMap(words))];
  const signatures = each((leg) => leg.signatures ?? []);
  const reasons = each((leg) => (leg.reason ? [leg.reason] : []));
  const wouldBe = each((leg) => leg.would_be ?? []);
  const went = signatures.length ? "signed" : reasons.length ? "left" : "repeated";
  const stayed = (["deferred", "refused", "lost"] as const).find((word) => word === verdict);
  return { kind: stayed ?? went, signatures, reasons, wouldBe };
}

export const outcomeInWords = (outcome: OutcomeKind, t: TFunction): string =>
  ({
    signed: t("Signed"),
    left: t("Left as it came"),
    repeated: t("Repeated"),
    deferred: t("Put off"),
    refused: t("Refused"),
    lost: t("Sender gone"),
  })[outcome];

/** What comes of a message that did not go on. */
export const nextInWords = (outcome: OutcomeKind, t: TFunction): string | undefined =>
  ({
    signed: undefined,
    left: undefined,
    repeated: undefined,
    deferred: t("Microsoft 365 keeps it and sends it again."),
    refused: t("Whoever wrote it gets a report from Microsoft 365."),
    lost: t("Microsoft 365 was gone before it was told, and sends it again."),
  })[outcome];
