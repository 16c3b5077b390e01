/**
 * Every text of the console passes through `t("English text")`: the English text is the key. English itself needs entries
 * only where a number changes the words.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { english } from "./english";

/** The English that the browser prefers; dates and numbers are written as it is done there. */
const spoken = navigator.languages.find((language) => /^en\b/i.test(language)) ?? "en-GB";
document.documentElement.lang = spoken;

void i18next.use(initReactI18next).init({
  lng: spoken,
  fallbackLng: "en",
  resources: { en: { translation: english } },
  keySeparator: false,
  nsSeparator: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  initAsync: false,
});

export default i18next;
