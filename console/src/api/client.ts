/**
 * The one way to the API. A refusal is thrown as a `ProblemError`; where the server wants the password once more the
 * person is asked and the request is repeated, and so where test cases would fail; where nobody is signed in any more the application is told.
 */
import createClient from "openapi-fetch";
import { isProblem, problemOf } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** Asks the person to confirm who they are; false if they would rather not. */
type Confirm = () => Promise<boolean>;

/** Test cases that a change would make fail. */
export interface FailingAsked {
  tenant: string;
  cases: Schemas["CaseFailing"][];
}

/** Shows them to the person; gives why the change is made all the same, null if it is not. */
type Override = (failing: FailingAsked) => Promise<string | null>;

let confirm: Confirm = () => Promise.resolve(false);
let override: Override = () => Promise.resolve(null);
let signedOut: () => void = () => undefined;

/** Tells the client how to ask for the password once more or about test cases, and what to do when the session has ended. */
export function onRefusal(handlers: { confirm?: Confirm; override?: Override; signedOut?: () => void }) {
  confirm = handlers.confirm ?? confirm;
  override = handlers.override ?? override;
  signedOut = handlers.signedOut ?? signedOut;
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (isProblem(problem, "reauthenticate") && (await confirm())) return send(again);
  if (isProblem(problem, "cases")) {
    const [, tenant = ""] = /\/tenants\/([^/]+)/.exec(new URL(request.url).pathname) ?? [];
    const reason = await override({ tenant, cases: problem.problem.cases ?? [] });
    if (reason !== null) return send(await overriding(again, reason));
  }
  if (isProblem(problem, "unauthorized") && !asksWhoIsSignedIn(request)) signedOut();
  throw problem;
}

/** The same request, made although test cases fail. */
async function overriding(request: Request, reason: string): Promise<Request> {
  const url = new URL(request.url);
  url.searchParams.set("override_cases", "true");
  url.searchParams.set("reason", reason);
  const { method, headers, credentials } = request;
  const body = await request.text();
  return new Request(url, { method, headers, credentials, body: body || undefined });
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
