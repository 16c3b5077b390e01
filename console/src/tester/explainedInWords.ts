/**
 * What one recipient would get, in a sentence.
 */
import type { TFunction } from "i18next";
import { reasonInWords } from "../mail/reasons";
import { andList } from "../signatures/lists";
import type { Explanation } from "./explanation";

type Told = Pick<Explanation, "signatures" | "left" | "would_be">;

export function explainedInWords(told: Told, names: Map<string, string>, t: TFunction, language: string): string {
  const list = (ids: string[]) =>
    andList(
      ids.map((id) => names.get(id) ?? id),
      language,
    );
  if (told.signatures.length) return t("Gets {{list}}.", { list: list(told.signatures) });
  const reason = told.left ? reasonInWords(told.left, t) : t("Gets nothing.");
  return told.would_be?.length
    ? t("{{reason}} Without that: {{list}}.", { reason, list: list(told.would_be) })
    : reason;
}
