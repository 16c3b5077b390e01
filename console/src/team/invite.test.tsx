import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { problem } from "../testing/fakeServer";
import { invitation, openTeam } from "./testTeam";

describe("the team", () => {
  it("invites by mail, offers no more than one has, and says why it could not", async () => {
    const answers = [
      problem("invalid", 422, "this is no e-mail address"),
      { status: 201, body: { ...invitation, email: "kim@fabrikam.example" } },
    ];
    const { asked, user } = await openTeam("administrator", ["team:write"], {
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
});
