import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const member = (account: string, full_name: string, role: string) => ({
  account,
  full_name,
  role,
  email: `${account}@contoso.example`,
  since: "2026-01-01T00:00:00Z",
});
const invitation = {
  id: "iv_1",
  email: "zoe@fabrikam.example",
  role: "editor",
  invited_by: "Ada Vance <ada@contoso.example>",
  sent: "2026-01-01T00:00:00Z",
  expires: "2999-01-08T00:00:00Z",
};

/** Ada, account 1, with this role; Bob is an editor and Eve an owner. */
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

async function open(role: string, scopes: string[], more?: Parameters<typeof fakeServer>[0]) {
  const asked = server(role, scopes, more);
  showPage("/t/contoso/team");
  const members = await screen.findByRole("list", { name: "Members" });
  return { asked, members, user: userEvent.setup() };
}

describe("the team", () => {
  it("is only shown to who may not change it", async () => {
    const { members } = await open("auditor", []);
    expect(within(members).getByText("Bob Berg")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Invite" })).toBeNull();
    expect(screen.queryByRole("button", { name: /^More for/ })).toBeNull();
  });

  it("lets an administrator change nobody above", async () => {
    await open("administrator", ["team:write"]);
    expect(screen.getByRole("button", { name: "More for Bob Berg" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "More for Eve Lund" })).toBeNull();
  });

  it("gives a member another role", async () => {
    const { asked, user } = await open("owner", ["team:write"], {
      "PUT /tenants/contoso/members/2": { status: 204 },
    });
    await user.click(screen.getByRole("button", { name: "More for Bob Berg" }));
    await user.click(await screen.findByRole("menuitem", { name: "Change the role" }));
    await user.click(await screen.findByRole("radio", { name: /^Auditor/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.some(({ what }) => what === "PUT /tenants/contoso/members/2")).toBe(true));
    expect(asked.find(({ what }) => what.startsWith("PUT"))?.body).toEqual({ role: "auditor" });
  });

  it("shows whoever leaves it the own account", async () => {
    const { asked, user } = await open("owner", ["team:write"], {
      "DELETE /tenants/contoso/members/1": { status: 204 },
    });
    await user.click(screen.getByRole("button", { name: "More for Ada Vance" }));
    await user.click(await screen.findByRole("menuitem", { name: "Leave the team" }));
    await user.click(await screen.findByRole("button", { name: "Leave" }));
    await waitFor(() => expect(addressNow()).toBe("/account"));
    expect(asked.some(({ what }) => what === "DELETE /tenants/contoso/members/1")).toBe(true);
  });

  it("invites by mail, offers no more than one has, and says why it could not", async () => {
    const answers = [
      problem("invalid", 422, "this is no e-mail address"),
      { status: 201, body: { ...invitation, email: "kim@fabrikam.example" } },
    ];
    const { asked, user } = await open("administrator", ["team:write"], {
      "POST /tenants/contoso/invitations": () => answers.shift()!,
    });
    await user.click(screen.getByRole("button", { name: "Invite" }));
    expect(await screen.findByRole("radio", { name: /^Administrator/ })).toBeTruthy();
    expect(screen.queryByRole("radio", { name: /^Owner/ })).toBeNull();
    await user.type(screen.getByLabelText("E-mail address"), "kim@fabrikam.example");
    await user.click(screen.getByRole("radio", { name: /^Support/ }));
    const send = screen.getByRole("button", { name: "Send the invitation" });
    await user.click(send);
    expect((await screen.findByRole("alert")).textContent).toContain("no e-mail address");
    await user.click(send);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.findLast(({ what }) => what.startsWith("POST"))?.body).toEqual({
      email: "kim@fabrikam.example",
      role: "support",
    });
  });

  it("takes an invitation back", async () => {
    const { asked, user } = await open("owner", ["team:write"], {
      "DELETE /tenants/contoso/invitations/iv_1": { status: 204 },
    });
    await user.click(await screen.findByRole("button", { name: "More for zoe@fabrikam.example" }));
    await user.click(await screen.findByRole("menuitem", { name: "Take it back" }));
    await waitFor(() => expect(asked.some(({ what }) => what.startsWith("DELETE"))).toBe(true));
  });

  it("makes a token of what one may do, and shows it once", async () => {
    const { asked, user } = await open("administrator", ["team:write"], {
      "POST /tenants/contoso/tokens": { status: 201, body: { id: "tk_1", token: "sgn_secret" } },
    });
    await user.click(screen.getByRole("tab", { name: "API tokens" }));
    await user.click((await screen.findAllByRole("button", { name: "Make a token" }))[0]!);
    expect(screen.queryByRole("checkbox", { name: "See the audit log" })).toBeNull();
    await user.type(await screen.findByLabelText("What it is for"), "export");
    const make = screen.getByRole("button", { name: "Make the token" });
    await user.click(make);
    expect(asked.some(({ what }) => what.startsWith("POST"))).toBe(false);
    await user.click(screen.getByRole("checkbox", { name: "See settings and mode" }));
    await user.selectOptions(screen.getByLabelText("How long it is good"), "30");
    await user.click(make);
    expect(await screen.findByDisplayValue("sgn_secret")).toBeTruthy();
    expect(asked.find(({ what }) => what.startsWith("POST"))?.body).toEqual({
      name: "export",
      scopes: ["tenant:read"],
      days: 30,
    });
    await user.click(screen.getByRole("button", { name: "I have kept it" }));
    expect(screen.queryByDisplayValue("sgn_secret")).toBeNull();
  });
});
