/**
 * Types of the account routes, written by hand until the OpenAPI document has them. This file then goes away: nothing but
 * `client.ts` and the aliases at its end depends on it being here.
 */

type Json<T> = { content: { "application/json": T } };
type Answers<T, Status extends number> = { [status in Status]: Json<T> & { headers: Record<string, unknown> } };
type Nothing = { 204: { content?: never; headers: Record<string, unknown> } };
type Without = { query?: never; header?: never; path?: never; cookie?: never };
type At<Path> = Path extends undefined ? Without : { query?: never; header?: never; path: Path; cookie?: never };

type Get<T, Path = undefined> = { parameters: At<Path>; responses: Answers<T, 200> };
type Send<Body, Responses, Path = undefined> = {
  parameters: At<Path>;
  requestBody: Json<Body>;
  responses: Responses;
};
type Delete<Path = undefined> = { parameters: At<Path>; responses: Nothing };

export interface Person11 {
  first_name: string;
  last_name: string;
  full_name: string;
  company: string;
  telephone: string;
  email: string;
  address_line_1: string;
  address_line_2: string;
  city: string;
  postcode: string;
  country: string;
}

export interface Region {
  id: string;
  name: string;
  sites: string[];
  /** Where to sign up for it; absent for the region of this console. */
  console?: string;
}

export interface SignUpOpen {
  open: boolean;
  /** The region of this console, if it is one of several. */
  here: string | null;
  regions: Region[];
  password_profile: "strict" | "classic";
  /** Each with the region that is near. */
  countries: { code: string; region: string }[];
  support?: { mail?: string; telephone?: string };
}

export type SignInState =
  | { state: "signed_in" }
  | { state: "code"; factor?: "mail" | "totp"; sent_to?: string | null; valid_seconds: number }
  | { state: "verify"; sent_to?: string | null };

export interface PasswordJudgement {
  accepted: boolean;
  score: 0 | 1 | 2 | 3 | 4;
  problems: string[];
  advice: string[];
}

export type Role = "owner" | "administrator" | "editor" | "designer" | "auditor" | "support";

export interface TenantOfSession {
  id: string;
  name: string;
  role: Role;
  scopes: string[];
}

export interface Session {
  account: { id: string; email: string; first_name: string; last_name: string; full_name: string };
  tenants: TenantOfSession[];
  password_reminder: boolean;
}

export interface Account extends Person11 {
  /** Whether an authenticator app makes the codes; absent where the server knows no such apps. */
  totp?: boolean;
  password_changed: string | null;
}

export interface Device {
  id: string;
  name: string;
  created: string;
  last_seen: string;
  expires: string;
}

export interface OpenSession {
  id: string;
  name: string;
  created: string;
  last_seen: string;
  this: boolean;
}

export interface TemplateSummary {
  id: string;
  name: string;
  description: string;
  tags: string[];
}

export interface AccountRoutes<SignatureEntry> {
  "/api/v1/sign-up": {
    get: Get<SignUpOpen>;
    post: Send<Person11 & { password: string }, Answers<{ email: string }, 202>>;
  };
  "/api/v1/sign-up/verify": { post: Send<{ token: string }, Answers<{ email: string }, 200>> };
  "/api/v1/sign-in": { post: Send<{ email: string; password: string }, Answers<SignInState, 200>> };
  "/api/v1/sign-in/code": {
    post: Send<{ code: string; remember: boolean }, Answers<{ state: "signed_in" }, 200>>;
  };
  "/api/v1/sign-in/code/again": { post: Send<Record<string, never>, Nothing> };
  "/api/v1/sign-out": { post: Send<Record<string, never>, Nothing> };
  "/api/v1/password/forgot": { post: Send<{ email: string }, Nothing> };
  "/api/v1/password/reset": { post: Send<{ token: string; password: string }, Nothing> };
  "/api/v1/password/judge": { post: Send<{ password: string; about: string[] }, Answers<PasswordJudgement, 200>> };
  "/api/v1/session": { get: Get<Session> };
  "/api/v1/session/confirm": { post: Send<{ password: string }, Nothing> };
  "/api/v1/account": {
    get: Get<Account>;
    put: Send<Omit<Person11, "email">, Answers<Account, 200>>;
    delete: Delete;
  };
  "/api/v1/account/password": { post: Send<{ old: string; new: string }, Nothing> };
  "/api/v1/account/devices": { get: Get<{ devices: Device[] }>; delete: Delete };
  "/api/v1/account/devices/{id}": { delete: Delete<{ id: string }> };
  "/api/v1/account/sessions": { get: Get<{ sessions: OpenSession[] }> };
  "/api/v1/account/sessions/{id}": { delete: Delete<{ id: string }> };
  "/api/v1/account/totp": {
    post: Send<Record<string, never>, Answers<{ secret: string; uri: string; qr_svg: string }, 200>>;
    put: Send<{ code: string }, Nothing>;
    delete: Delete;
  };
  "/api/v1/invitations/accept": {
    post: Send<
      { token: string; first_name: string; last_name: string; password: string },
      Answers<{ email: string }, 200>
    >;
  };
  "/api/v1/tenants/{tenant}/templates": { get: Get<{ templates: TemplateSummary[] }, { tenant: string }> };
  "/api/v1/tenants/{tenant}/templates/{id}": {
    get: Get<SignatureEntry, { tenant: string; id: string }>;
    post: {
      parameters: At<{ tenant: string; id: string }>;
      responses: Answers<{ id: string; revision: number }, 201>;
    };
  };
}
