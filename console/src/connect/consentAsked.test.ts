import { afterEach, describe, expect, it } from "vitest";
import { consentAsked, consentGiven, rememberConsent } from "./consentAsked";

const link = (state: string) =>
  `https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=c&state=${encodeURIComponent(state)}`;
const back = (state: string) => `?admin_consent=True&state=${encodeURIComponent(state)}`;
const HOUR = 60 * 60 * 1000;

afterEach(() => localStorage.clear());

describe("whose request an answer is", () => {
  it("is known in the browser that asked, for an hour", () => {
    rememberConsent(link("s/t"), "contoso", 0);
    rememberConsent(link("other"), "fabrikam", 1);
    expect(consentAsked(back("s/t"), HOUR - 1)?.tenant).toBe("contoso");
    expect(consentAsked(back("other"), HOUR - 1)?.tenant).toBe("fabrikam");
    expect(consentAsked(back("s/t"), HOUR)).toBeUndefined();
  });

  it("is not known of what nobody asked, nor of what every object has", () => {
    rememberConsent(link("ours"), "contoso", 0);
    for (const search of [back("foreign"), back("constructor"), "", "?admin_consent=True"]) {
      expect(consentAsked(search, 1)).toBeUndefined();
    }
  });

  it("stays known as taken", () => {
    rememberConsent(link("ours"), "contoso", 0);
    consentGiven(back("ours"), 1);
    consentGiven(back("foreign"), 1);
    expect(consentAsked(back("ours"), 2)).toEqual({ tenant: "contoso", until: HOUR, given: true });
    expect(consentAsked(back("foreign"), 2)).toBeUndefined();
  });

  it("is not known where the browser holds something else", () => {
    localStorage.setItem("signet.consent", "[");
    expect(consentAsked(back("ours"), 1)).toBeUndefined();
  });
});
