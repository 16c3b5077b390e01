/**
 * The token of an invitation: of the link, or kept in this tab alone while its owner signs in.
 */
import { useEffect, useState } from "react";
import { useTokenOfLink } from "./useTokenOfLink";

const KEY = "signet.invitation";

export const forgetInvitation = () => window.sessionStorage.removeItem(KEY);

export function useInvitationToken(): string {
  const ofLink = useTokenOfLink();
  const [token] = useState(() => ofLink || window.sessionStorage.getItem(KEY) || "");
  useEffect(() => {
    if (ofLink) window.sessionStorage.setItem(KEY, ofLink);
  }, [ofLink]);
  return token;
}
