/**
 * The one way to the API. A refusal is thrown as a `ProblemError`; where the server wants the password once more the
 * person is asked and the request is repeated; where nobody is signed in any more the application is told.
 */
import createClient from "openapi-fetch";
import { isProblem, problemOf } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** Asks the person to confirm who they are; false if they would rather not. */
type Confirm = () => Promise<boolean>;

let confirm: Confirm = () => Promise.resolve(false);
let signedOut: () => void = () => undefined;

/** Tells the client how to ask for the password once more, and what to do when the session has ended. */
export function onRefusal(handlers: { confirm?: Confirm; signedOut?: () => void }) {
  confirm = handlers.confirm ?? confirm;
  signedOut = handlers.signedOut ?? signedOut;
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (isProblem(problem, "reauthenticate") && (await confirm())) return send(again);
  if (isProblem(problem, "unauthorized") && !asksWhoIsSignedIn(request)) signedOut();
  throw problem;
}

const asksWhoIsSignedIn = (request: Request) => new URL(request.url).pathname === "/api/v1/session";

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  fetch: send,
});

type Answer<T> = { data?: T; response: Response };

/** What a call answers. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await call).data as T;
}

/** What a call answers about a tenant, and the revision at which it was so: the next change is made only at that one. */
export interface Revised<T> {
  value: T;
  revision: string;
}

export async function revised<T>(call: Promise<Answer<T>>): Promise<Revised<T>> {
  const { data, response } = await call;
  return { value: data as T, revision: response.headers.get("ETag") ?? "*" };
}

/** The header by which a change is made only at the revision that was seen. */
export const at = (revision: string) => ({ "If-Match": revision });
