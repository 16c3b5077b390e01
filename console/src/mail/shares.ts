/**
 * Who of the recipients of a message got what, read from its decision record.
 */
import type { TFunction } from "i18next";
import type { Decision, Leg } from "./outcome";
import { reasonInWords } from "./reasons";

export interface Share {
  recipients: string[];
  /** What they got, in words. */
  got: string;
}

/** `nameOf`: the name of a signature by its id. In the order of the record. */
export function sharesOf(
  { legs, recipients }: Pick<Decision, "legs" | "recipients">,
  nameOf: (id: string) => string,
  t: TFunction,
): Share[] {
  return legs.map((leg) => ({
    recipients: leg.recipients?.flatMap((place) => recipients[place] ?? []) ?? recipients,
    got: gotInWords(leg, nameOf, t),
  }));
}

function gotInWords({ signatures, reason, would_be }: Leg, nameOf: (id: string) => string, t: TFunction): string {
  if (signatures?.length) return namesOf(signatures, nameOf);
  return reason ? leftInWords([reason], would_be ?? [], nameOf, t) : t("had it already by an earlier try");
}

/** Why it was left as it came, and what it would have got. */
export function leftInWords(
  reasons: string[],
  wouldBe: string[],
  nameOf: (id: string) => string,
  t: TFunction,
): string {
  const why = reasons.map((reason) => reasonInWords(reason, t));
  const instead = wouldBe.length ? [t("It would have got {{signatures}}.", { signatures: namesOf(wouldBe, nameOf) })] : [];
  return [...why, ...instead].join(" ");
}

const namesOf = (ids: string[], nameOf: (id: string) => string) => ids.map(nameOf).join(", ");
