/**
 * The page of a team for tests: Ada, account 1, with a role; Bob is an editor and Eve an owner.
 */
import { configure, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

// By the focus Fluent UI knows which dialog is in front, and hides the others; jsdom does not tell it in time.
configure({ defaultHidden: true });

const member = (account: string, full_name: string, role: string) => ({
  account,
  full_name,
  role,
  email: `${account}@contoso.example`,
  since: "2026-01-01T00:00:00Z",
});
export const invitation = {
  id: "iv_1",
  email: "zoe@fabrikam.example",
  role: "editor",
  invited_by: "Ada Vance <ada@contoso.example>",
  sent: "2026-01-01T00:00:00Z",
  expires: "2999-01-08T00:00:00Z",
};

function server(role: string, scopes: string[], more: Parameters<typeof fakeServer>[0] = {}) {
  const session = sessionWith("tenant:read", "team:read", ...scopes);
  session.body.tenants[0]!.role = role;
  return fakeServer({
    "GET /session": session,
    "GET /tenants/contoso/members": {
      body: { members: [member("1", "Ada Vance", role), member("2", "Bob Berg", "editor"), member("3", "Eve Lund", "owner")] },
    },
    "GET /tenants/contoso/invitations": { body: { invitations: [invitation] } },
    "GET /tenants/contoso/tokens": { body: { tokens: [] } },
    ...more,
  });
}

export async function openTeam(role: string, scopes: string[], more?: Parameters<typeof fakeServer>[0]) {
  const asked = server(role, scopes, more);
  showPage("/t/contoso/team");
  const members = await screen.findByRole("list", { name: "Members" });
  return { asked, members, user: userEvent.setup() };
}
