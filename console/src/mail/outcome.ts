/**
 * What became of a message, read from its decision record.
 */
import type { Schemas } from "../api/client";

export type Decision = Schemas["Decision"];

export interface Outcome {
  kind: "signed" | "left" | "repeated";
  /** Ids of the signatures that it got. */
  signatures: string[];
  /** Words of the reasons why recipients got none. */
  reasons: string[];
}

/** A message that some recipients got signed is signed. */
export function outcomeOf({ legs }: Pick<Decision, "legs">): Outcome {
  const groups: unknown[] = Array.isArray(legs) ? legs : [];
  const strings = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);
  const of = (key: string) =>
    groups.flatMap((leg) =>
      leg && typeof leg === "object" && key in leg ? [(leg as Record<string, unknown>)[key]] : [],
    );
  const signatures = [...new Set(of("signatures").flatMap(strings))];
  const reasons = [...new Set(strings(of("reason")))];
  const kind = signatures.length ? "signed" : reasons.length ? "left" : "repeated";
  return { kind, signatures, reasons };
}
