/** A draft in a few words: whose it is, and what is to be done with it. */
import type { DraftSummary } from "../api/tenant";

type Translate = (text: string, values?: Record<string, unknown>) => string;

/** `Ada Vance <ada@contoso.example>` by the name alone. */
export const nameOfAuthor = (who: string) => who.replace(/ <[^<>]*>$/, "");

export function draftInWords({ who, state }: Pick<DraftSummary, "who" | "state">, t: Translate): string {
  const name = nameOfAuthor(who);
  switch (state) {
    case "waiting":
      return t("Draft by {{name}}, waiting", { name });
    case "returned":
      return t("Draft by {{name}}, sent back", { name });
    default:
      return t("Draft by {{name}}", { name });
  }
}
