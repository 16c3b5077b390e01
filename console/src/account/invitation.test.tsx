import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const told = (more: object) => ({
  body: { tenant: "Contoso", email: "Ada@Contoso.example", role: "editor", has_account: false, ...more },
});
const nobody = problem("unauthorized", 401, "Nobody has signed in.");
const JOIN = "POST /invitations/join";

function open(answers: Parameters<typeof fakeServer>[0]) {
  const asked = fakeServer(answers);
  window.sessionStorage.setItem("signet.invitation", "t0ken");
  showPage("/invitation");
  return asked;
}

beforeEach(() => window.sessionStorage.clear());

describe("an invitation", () => {
  it("makes an account of a name and a password", async () => {
    const asked = open({
      "POST /invitations/look": told({}),
      "POST /password/judge": { body: { accepted: true, score: 4, problems: [], advice: [] } },
      "POST /invitations/accept": { body: { email: "Ada@Contoso.example", tenant: "contoso" } },
    });
    const user = userEvent.setup();
    expect(await screen.findByRole("heading", { name: "Join Contoso" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Join" }));
    expect(await screen.findByText("Enter your first name.")).toBeTruthy();
    await user.type(screen.getByLabelText("First name"), "Ada");
    await user.type(screen.getByLabelText("Last name"), "Vance");
    await user.type(screen.getByLabelText("Password"), "wet otter");
    await user.click(screen.getByRole("button", { name: "Join" }));
    expect(await screen.findByText(/Sign in as Ada@Contoso.example/)).toBeTruthy();
    const sent = asked.find(({ what }) => what === "POST /invitations/accept")?.body;
    expect(sent).toEqual({ token: "t0ken", first_name: "Ada", last_name: "Vance", password: "wet otter" });
    expect(window.sessionStorage.length).toBe(0);
  });

  it("leads whoever has an account to signing in, and back", async () => {
    open({ "POST /invitations/look": told({ has_account: true }), "GET /session": nobody });
    await userEvent.click(await screen.findByRole("link", { name: "Sign in" }));
    await waitFor(() => expect(addressNow()).toBe("/sign-in?next=%2Finvitation"));
    expect(window.sessionStorage.getItem("signet.invitation")).toBe("t0ken");
  });

  it("joins the account that has signed in", async () => {
    const asked = open({
      "POST /invitations/look": told({ has_account: true }),
      "GET /session": sessionWith("tenant:read"),
      [JOIN]: { body: { email: "Ada@Contoso.example", tenant: "contoso" } },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Join" }));
    await waitFor(() => expect(addressNow()).toBe("/t/contoso"));
    expect(asked.find(({ what }) => what === JOIN)?.body).toEqual({ token: "t0ken" });
  });

  it("is not for another account", async () => {
    const asked = open({
      "POST /invitations/look": told({ has_account: true, email: "eve@contoso.example" }),
      "GET /session": sessionWith("tenant:read"),
    });
    expect(await screen.findByText(/the invitation is for eve@contoso.example/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Join" })).toBeNull();
    expect(asked.some(({ what }) => what === JOIN)).toBe(false);
  });

  it("says when it is good no more", async () => {
    open({ "POST /invitations/look": problem("gone", 410, "Used.") });
    expect(await screen.findByRole("heading", { name: "This invitation is good no more" })).toBeTruthy();
  });
});
