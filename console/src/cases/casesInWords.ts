/** Test cases in words: who writes to whom, what is expected, and what would come instead. */
import type { TFunction } from "i18next";
import type { Deviation, TestCase, TestMessage } from "../api/cases";
import { andList } from "../signatures/lists";

type Names = Map<string, string>;

export function signaturesInWords(ids: string[], names: Names, t: TFunction, language: string): string {
  if (ids.length === 0) return t("no signature");
  return andList(
    ids.map((id) => names.get(id) ?? id),
    language,
  );
}

/** The address in From, as it is read. */
export function authorOf({ headers, sender }: TestMessage): string {
  const from = headers.find(({ name }) => name === "From")?.value ?? sender ?? "";
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
}

export function expectedInWords({ expected }: TestCase, names: Names, t: TFunction, language: string): string[] {
  return expected.map(({ recipient, signatures }) =>
    t("{{recipient}} gets {{list}}", { recipient, list: signaturesInWords(signatures, names, t, language) }),
  );
}

export function deviationInWords(deviation: Deviation, names: Names, t: TFunction, language: string): string {
  const { recipient, got, expected, why } = deviation;
  return t("{{recipient}} would get {{got}} instead of {{expected}}: {{why}}.", {
    recipient,
    got: signaturesInWords(got, names, t, language),
    expected: signaturesInWords(expected, names, t, language),
    why: [...names].reduce((text, [id, name]) => replaceWord(text, id, `“${name}”`), why).replace(/\.$/, ""),
  });
}

/** Ids of signatures that begin a sentence are told by their names. */
function replaceWord(text: string, id: string, name: string): string {
  return text.startsWith(`${id} `) ? name + text.slice(id.length) : text;
}
