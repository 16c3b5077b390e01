/**
 * Whether a token can be used.
 */
import type { ApiToken } from "./queries";

export type TokenState = "good" | "expired" | "revoked";

export function tokenState(token: Pick<ApiToken, "expires" | "revoked">, now: number): TokenState {
  if (token.revoked) return "revoked";
  return token.expires && new Date(token.expires).getTime() <= now ? "expired" : "good";
}
