/** What differs, sorted by what it is about. */
import type { Schemas } from "../api/client";

export type Difference = Schemas["DifferenceTold"];

const PARTS = [
  { title: "Design", begins: ["/design"] },
  { title: "Schedule", begins: ["/applies/schedule"] },
  { title: "Who gets it", begins: ["/applies", "/trial"] },
  { title: "Settings", begins: [""] },
];

/** The heading says it. */
function withoutPart(sentence: string): string {
  const rest = sentence.replace(/^(design|applies), /, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

export function byPart(differences: Difference[]): { title: string; sentences: string[] }[] {
  const partOf = ({ place }: Difference) => PARTS.find(({ begins }) => begins.some((begin) => place.startsWith(begin)));
  return PARTS.map(({ title }) => ({
    title,
    sentences: differences.filter((one) => partOf(one)?.title === title).map(({ sentence }) => withoutPart(sentence)),
  })).filter(({ sentences }) => sentences.length > 0);
}
