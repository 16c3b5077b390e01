/**
 * Facts about people and the tests of them, in words: “whose department is Sales”.
 */
import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";

export type FactTest = Schemas["FactTest"];

/** The attribute as one would say it, in lower case. */
function attributeInWords(attribute: string, t: TFunction): string {
  const words: Record<string, string> = {
    city: t("city"),
    country: t("country"),
    department: t("department"),
    displayName: t("display name"),
    emailAddress: t("e-mail address"),
    faxNumber: t("fax number"),
    firstName: t("first name"),
    lastName: t("last name"),
    mobileNumber: t("mobile number"),
    office: t("office"),
    state: t("state"),
    streetAddress: t("street address"),
    telephoneNumber: t("telephone number"),
    jobTitle: t("job title"),
    postalCode: t("postcode"),
  };
  const extension = /^extension(\d+)$/.exec(attribute);
  return words[attribute] ?? (extension ? t("extension {{number}}", { number: extension[1] }) : attribute);
}

/** `manager.custom.region` is “manager’s region”. */
export function factInWords(fact: string, t: TFunction): string {
  if (fact.startsWith("manager.")) {
    return t("manager’s {{fact}}", { fact: factInWords(fact.slice("manager.".length), t) });
  }
  return fact.startsWith("custom.") ? fact.slice("custom.".length) : attributeInWords(fact, t);
}

export function testInWords(test: FactTest, t: TFunction): string {
  const fact = factInWords(test.field, t);
  switch (test.is) {
    case "equals":
      return t("whose {{fact}} is {{value}}", { fact, value: test.value });
    case "contains":
      return t("whose {{fact}} contains {{value}}", { fact, value: test.value });
    case "starts_with":
      return t("whose {{fact}} begins with {{value}}", { fact, value: test.value });
    case "ends_with":
      return t("whose {{fact}} ends with {{value}}", { fact, value: test.value });
    case "matches":
      return t("whose {{fact}} matches {{value}}", { fact, value: test.value });
    case "empty":
      return t("whose {{fact}} is empty", { fact });
    case "not_empty":
      return t("whose {{fact}} is filled in", { fact });
  }
}
