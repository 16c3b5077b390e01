/**
 * Names for what the API says of accounts.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SignUpOpen = Schemas["Offer"];
export type SignInState = Schemas["Progress"];
export type Session = Schemas["SessionSeen"];
export type TenantOfSession = Schemas["MembershipSeen"];
export type TemplateSummary = Schemas["TemplateSummary"];
export type Account = Schemas["OwnAccount"];

export type Role = "owner" | "administrator" | "editor" | "designer" | "auditor" | "support";
