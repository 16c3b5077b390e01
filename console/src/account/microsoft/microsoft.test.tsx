import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as leave from "../../connect/leave";
import { fakeServer, problem } from "../../testing/fakeServer";
import { addressNow, showPage } from "../../testing/page";
import { sessionWith } from "../../testing/session";
import { keepPerson, keptPerson, setOut } from "./kept";

const PERSON = { first_name: "Ada", last_name: "Vance", email: "ada@contoso.example" };

/** The browser as Microsoft leads it back. */
function back(query: string) {
  window.history.replaceState(null, "", `/signed-in?${query}`);
  showPage(`/signed-in?${query}`);
}

beforeEach(() => window.sessionStorage.clear());
afterEach(() => window.history.replaceState(null, "", "/"));

describe("signing in with Microsoft", () => {
  it("leaves for Microsoft where that is offered, and is not shown where it is not", async () => {
    const left = vi.spyOn(leave, "leaveFor").mockImplementation(() => undefined);
    const asked = fakeServer({
      "GET /sign-in": { body: { microsoft: true } },
      "POST /sign-in/microsoft": { body: { link: "https://login.example/authorize" } },
    });
    showPage("/sign-in");
    await userEvent.click(await screen.findByRole("button", { name: "Sign in with Microsoft" }));
    await waitFor(() => expect(left.mock.calls[0]?.[0]).toBe("https://login.example/authorize"));
    expect(asked.find(({ what }) => what === "POST /sign-in/microsoft")?.body).toEqual({ purpose: "enter" });
  });

  it("hands the answer over once, takes it out of the address and goes to the page that was wanted", async () => {
    setOut({ from: "sign-in", next: "/account" });
    const asked = fakeServer({
      "POST /sign-in/microsoft/answer": { body: { state: "signed_in" } },
      "GET /session": sessionWith(),
    });
    back("code=c0de&state=enter.s");
    await waitFor(() => expect(addressNow()).toBe("/account"));
    expect(window.location.search).toBe("");
    const handed = asked.filter(({ what }) => what === "POST /sign-in/microsoft/answer");
    expect(handed.map(({ body }) => body)).toEqual([{ code: "c0de", state: "enter.s" }]);
  });

  it("asks for a code of ours where the organisation does not do that", async () => {
    fakeServer({
      "POST /sign-in/microsoft/answer": {
        body: { state: "code", factor: "mail", sent_to: "a…@contoso.example", valid_seconds: 600 },
      },
    });
    back("code=c&state=enter.s");
    expect(await screen.findByText(/a…@contoso.example/)).toBeTruthy();
  });

  it("offers an account to whoever has none", async () => {
    fakeServer({ "POST /sign-in/microsoft/answer": { body: { state: "unlinked", ...PERSON } } });
    back("code=c&state=enter.s");
    expect(await screen.findByRole("link", { name: "Create an account with it" })).toBeTruthy();
    expect(keptPerson()).toMatchObject(PERSON);
  });

  it("links the account of somebody who has signed in", async () => {
    setOut({ from: "account", next: "/account" });
    const asked = fakeServer({ "PUT /account/microsoft": { status: 204 }, "GET /session": sessionWith() });
    back("code=c&state=link.s");
    await waitFor(() => expect(addressNow()).toBe("/account"));
    expect(asked.some(({ what }) => what === "PUT /account/microsoft")).toBe(true);
  });

  it("says what went wrong, and shows nothing of what Microsoft's address says", async () => {
    fakeServer({ "POST /sign-in/microsoft/answer": problem("gone", 410, "Begin again.") });
    back("code=c&state=enter.s");
    expect((await screen.findByRole("alert")).textContent).toContain("Begin again.");
  });

  it("sends nothing where Microsoft has refused", async () => {
    const asked = fakeServer({});
    back("error=access_denied&error_description=Evil&state=enter.s");
    expect(await screen.findByRole("heading", { name: "Microsoft did not sign you in" })).toBeTruthy();
    expect(screen.queryByText(/Evil/)).toBeNull();
    expect(asked).toEqual([]);
  });

  it("fills in the form of a new account, and asks for no password", async () => {
    keepPerson(PERSON);
    fakeServer({
      "GET /sign-up": { body: { open: true, regions: [], password_profile: "strict", countries: [], here: null } },
    });
    showPage("/sign-up");
    const first = await screen.findByLabelText<HTMLInputElement>(/^First name/);
    expect(first.value).toBe("Ada");
    expect(screen.queryByLabelText(/^Password/)).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Choose a password instead" }));
    expect(await screen.findByLabelText(/^Password/)).toBeTruthy();
    expect(keptPerson()).toBeUndefined();
  });
});
