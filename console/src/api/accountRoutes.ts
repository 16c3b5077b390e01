/**
 * Names for what the API says of accounts, and the routes that pages here wait for: codes by an authenticator app, and
 * invitations. What the document of the API has is typed by it alone.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SignUpOpen = Schemas["Offer"];
export type SignInState = Schemas["Progress"];
export type Session = Schemas["SessionSeen"];
export type TenantOfSession = Schemas["MembershipSeen"];
export type TemplateSummary = Schemas["TemplateSummary"];

/** Whether an authenticator app makes the codes is told by servers that know such apps. */
export type Account = Schemas["OwnAccount"] & { totp?: boolean };

export type Role = "owner" | "administrator" | "editor" | "designer" | "auditor" | "support";

type Json<T> = { content: { "application/json": T } };
type Answer<T, Status extends number> = { [status in Status]: Json<T> & { headers: Record<string, unknown> } };
type Nothing = { 204: { content?: never; headers: Record<string, unknown> } };
type Without = { query?: never; header?: never; path?: never; cookie?: never };
type Send<Body, Responses> = { parameters: Without; requestBody: Json<Body>; responses: Responses };

export interface RoutesToCome {
  "/api/v1/account/totp": {
    post: Send<Record<string, never>, Answer<{ secret: string; uri: string; qr_svg: string }, 200>>;
    put: Send<{ code: string }, Nothing>;
    delete: { parameters: Without; responses: Nothing };
  };
  "/api/v1/invitations/accept": {
    post: Send<
      { token: string; first_name: string; last_name: string; password: string },
      Answer<{ email: string }, 200>
    >;
  };
}
