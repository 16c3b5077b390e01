import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { guessedCountry } from "./countries";
import { EMPTY_SIGN_UP, fieldAt, signUpSchema, STEPS } from "./signUpForm";

const whole = {
  ...EMPTY_SIGN_UP,
  first_name: "Ada",
  last_name: "Vance",
  full_name: "Ada Vance",
  company: "Contoso",
  telephone: "+44 (0)20 7946-0001",
  email: "ada@contoso.example",
  address_line_1: "1 High Street",
  city: "London",
  country: "GB",
  password: "correct horse",
  region: "eu",
};
const wrong = (form: object) => {
  const judged = signUpSchema(i18n.t).safeParse(form);
  return judged.success ? [] : judged.error.issues.map(({ path }) => path[0]);
};

describe("the form of signing up", () => {
  it("takes a whole one, without second line and postcode", () => expect(wrong(whole)).toEqual([]));

  it.each([
    ["first_name", " "],
    ["last_name", ""],
    ["full_name", ""],
    ["company", ""],
    ["email", "ada"],
    ["telephone", "call me"],
    ["password", ""],
    ["address_line_1", ""],
    ["city", ""],
    ["country", ""],
    ["first_name", "x".repeat(101)],
  ])("refuses %s %j", (field, value) => {
    expect(wrong({ ...whole, [field]: value })).toEqual([field]);
  });

  it.each(["山田", "O’Brien", "Łukasz", "عائشة"])("takes the name %s", (name) => {
    expect(wrong({ ...whole, first_name: name })).toEqual([]);
  });

  it("asks for every field on one of its steps", () => {
    expect(STEPS.flat().sort()).toEqual(Object.keys(EMPTY_SIGN_UP).sort());
  });

  it.each([
    ["/email", { field: "email", step: 0 }],
    ["/country", { field: "country", step: 1 }],
    ["", null],
    ["/elsewhere", null],
  ])("finds the field at %j", (place, found) => expect(fieldAt(place)).toEqual(found));
});

describe("the country at first", () => {
  it.each([
    [["en-GB", "de-DE"], "GB"],
    [["en", "de-DE"], "DE"],
    [["en-AQ"], ""],
    [[], ""],
  ])("of %j is %j", (languages, country) => {
    expect(guessedCountry(languages, ["DE", "GB"])).toBe(country);
  });
});
