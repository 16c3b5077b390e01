/**
 * Countries by name, and a first guess which one the person is in.
 */

export interface Country {
  code: string;
  name: string;
}

/** Named in the language, in its alphabetical order; who has named none has an empty code. */
export function countriesByName(codes: string[], language: string): Country[] {
  const names = new Intl.DisplayNames([language], { type: "region" });
  return codes
    .filter((code) => code !== "")
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

/** The first country that the browser's languages name and that is one of ours. */
export function guessedCountry(languages: readonly string[], codes: string[]): string {
  for (const language of languages) {
    const { region } = new Intl.Locale(language);
    if (region && codes.includes(region)) return region;
  }
  return "";
}
