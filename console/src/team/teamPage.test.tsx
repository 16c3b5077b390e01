import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openTeam } from "./testTeam";

describe("the team", () => {
  it("is only shown to who may not change it", async () => {
    const { members } = await openTeam("auditor", []);
    expect(within(members).getByText("Bob Berg")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Invite" })).toBeNull();
    expect(screen.queryByRole("button", { name: /^More for/ })).toBeNull();
  });

  it("lets an administrator change nobody above", async () => {
    await openTeam("administrator", ["team:write"]);
    expect(screen.getByRole("button", { name: "More for Bob Berg" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "More for Eve Lund" })).toBeNull();
  });

  it("gives a member another role", async () => {
    const { asked, user } = await openTeam("owner", ["team:write"], {
      "PUT /tenants/contoso/members/2": { status: 204 },
    });
    await user.click(screen.getByRole("button", { name: "More for Bob Berg" }));
    await user.click(await screen.findByRole("menuitem", { name: "Change the role" }));
    await user.click(await screen.findByRole("radio", { name: /^Auditor/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.some(({ what }) => what === "PUT /tenants/contoso/members/2")).toBe(true));
    expect(asked.find(({ what }) => what.startsWith("PUT"))?.body).toEqual({ role: "auditor" });
  });

  it("takes an invitation back", async () => {
    const { asked, user } = await openTeam("owner", ["team:write"], {
      "DELETE /tenants/contoso/invitations/iv_1": { status: 204 },
    });
    await user.click(await screen.findByRole("button", { name: "More for zoe@fabrikam.example" }));
    await user.click(await screen.findByRole("menuitem", { name: "Take it back" }));
    await waitFor(() => expect(asked.some(({ what }) => what.startsWith("DELETE"))).toBe(true));
  });
});
