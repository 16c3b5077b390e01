/**
 * The form of signing up: what it asks, on which of its two steps, and what is wrong with what was put in. The server
 * judges everything once more.
 */
import type { TFunction } from "i18next";
import { z } from "zod";

export function signUpSchema(t: TFunction) {
  const needed = (message: string) => z.string().trim().min(1, message).max(100, t("At most 100 characters."));
  const optional = z.string().trim().max(100, t("At most 100 characters."));
  return z.object({
    first_name: needed(t("Enter your first name.")),
    last_name: needed(t("Enter your last name.")),
    full_name: needed(t("Enter your name as others should read it.")),
    company: needed(t("Enter the name of your organisation.")),
    email: z.email(t("Enter an e-mail address such as ada@contoso.com.")),
    telephone: z
      .string()
      .trim()
      .regex(/^\+?[\d\s()./-]{3,40}$/, t("Enter a telephone number, for example +44 20 7946 0001.")),
    password: z.string().min(1, t("Choose a password.")),
    address_line_1: needed(t("Enter the first line of the address for your invoice.")),
    address_line_2: optional,
    city: needed(t("Enter the town or city.")),
    postcode: optional,
    country: z.string().min(1, t("Choose your country.")),
    /** Which console this is sent to; where there is one region alone there is nothing to choose. */
    region: z.string(),
  });
}

export type SignUpForm = z.infer<ReturnType<typeof signUpSchema>>;

export const STEPS = [
  ["first_name", "last_name", "full_name", "company", "email", "telephone", "password"],
  ["address_line_1", "address_line_2", "city", "postcode", "country", "region"],
] as const satisfies readonly (readonly (keyof SignUpForm)[])[];

export const EMPTY_SIGN_UP: SignUpForm = {
  first_name: "",
  last_name: "",
  full_name: "",
  company: "",
  email: "",
  telephone: "",
  password: "",
  address_line_1: "",
  address_line_2: "",
  city: "",
  postcode: "",
  country: "",
  region: "",
};

/** The field that a place of the server's answer names, and the step on which it stands. */
export function fieldAt(place: string): { field: keyof SignUpForm; step: number } | null {
  const name = place.replace(/^\//, "");
  const step = STEPS.findIndex((fields) => (fields as readonly string[]).includes(name));
  return step < 0 ? null : { field: name as keyof SignUpForm, step };
}
