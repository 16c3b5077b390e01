/**
 * What this tab remembers while its owner is at Microsoft, and until the form of an account is sent: where it set out
 * from, where it goes afterwards, and what Microsoft says of the person.
 */

export interface Journey {
  /** The page the button stood on. */
  from: "sign-in" | "sign-up" | "invitation" | "account" | "confirm";
  /** A page of this console. */
  next?: string;
}

export interface Person {
  first_name: string;
  last_name: string;
  email: string;
}

const JOURNEY = "signet.microsoft.journey";
const PERSON = "signet.microsoft.person";

export const setOut = (journey: Journey) => put(JOURNEY, journey);
export const comeBack = () => look<Journey>(JOURNEY) ?? { from: "sign-in" };

export const keepPerson = (person: Person) => put(PERSON, person);
export const keptPerson = () => look<Person>(PERSON);
export const forgetPerson = () => window.sessionStorage.removeItem(PERSON);

const put = (key: string, value: unknown) => window.sessionStorage.setItem(key, JSON.stringify(value));

function look<T>(key: string): T | undefined {
  try {
    return (JSON.parse(window.sessionStorage.getItem(key) ?? "null") as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

const SIGN_OUT = "signet.microsoft.sign-out";

/** Where one signs out at Microsoft too, for the page that is shown after signing out here; it is offered once. */
export const keepSignOut = (link: string) => put(SIGN_OUT, link);
export function keptSignOut(): string | undefined {
  const link = look<string>(SIGN_OUT);
  window.sessionStorage.removeItem(SIGN_OUT);
  return link;
}
