/** Finds designs of the library by a word and a tag. */
import type { TemplateSummary } from "../api/account";

export const tagsOf = (templates: TemplateSummary[]): string[] => [...new Set(templates.flatMap(({ tags }) => tags))];

/** Those that have every word somewhere, and the tag unless it is empty. */
export function filtered(templates: TemplateSummary[], search: string, tag: string): TemplateSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ name, description, tags }) => {
    const text = [name, description, ...tags].join(" ").toLowerCase();
    return (!tag || tags.includes(tag)) && words.every((word) => text.includes(word));
  });
}
