import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";

const session = {
  account: { id: "1", email: "ada@contoso.example", first_name: "Ada", last_name: "Vance", full_name: "Ada Vance" },
  tenants: [],
  password_reminder: false,
};
const asksForCode = { body: { state: "code", factor: "mail", sent_to: "a…@contoso.example", valid_seconds: 600 } };

async function enterPassword() {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("E-mail address"), "ada@contoso.example");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  return user;
}

describe("signing in", () => {
  it("goes to the page that was wanted", async () => {
    fakeServer({
      "POST /sign-in": { body: { state: "signed_in" } },
      "GET /session": { body: session },
    });
    showPage("/sign-in?next=%2Faccount");
    await enterPassword();
    await waitFor(() => expect(addressNow()).toBe("/account"));
  });

  it("says that the password is wrong, and asks for nothing of a session", async () => {
    const asked = fakeServer({
      "POST /sign-in": problem("wrong", 401, "The e-mail address or the password is not right."),
    });
    showPage("/sign-in");
    await enterPassword();
    expect((await screen.findByRole("alert")).textContent).toContain("not right");
    expect(asked.map(({ what }) => what)).toEqual(["GET /sign-in", "POST /sign-in"]);
  });

  it("sends nothing while something is missing", async () => {
    const asked = fakeServer({});
    showPage("/sign-in");
    await userEvent.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("Enter your e-mail address.")).toBeTruthy();
    expect(screen.getByText("Enter your password.")).toBeTruthy();
    expect(asked.filter(({ what }) => what.startsWith("POST"))).toEqual([]);
  });

  it("takes a code that is pasted with blanks, and trusts the device if told so", async () => {
    const asked = fakeServer({
      "POST /sign-in": asksForCode,
      "POST /sign-in/code": { body: { state: "signed_in" } },
      "GET /session": { body: session },
    });
    showPage("/sign-in?next=%2Faccount");
    const user = await enterPassword();
    expect(await screen.findByText(/a…@contoso.example/)).toBeTruthy();
    await user.click(screen.getByLabelText(/Trust this device/));
    await user.click(screen.getByLabelText("Code"));
    await user.paste("Your code: 123 456");
    await waitFor(() => expect(addressNow()).toBe("/account"));
    expect(asked.find(({ what }) => what === "POST /sign-in/code")?.body).toEqual({ code: "123456", remember: true });
  });

  it("lets a wrong code be tried again, and begins again when it is void", async () => {
    const answers = [
      problem("wrong", 401, "The code is not right; four tries are left."),
      problem("gone", 410, "The code is void."),
    ];
    fakeServer({ "POST /sign-in": asksForCode, "POST /sign-in/code": () => answers.shift()! });
    showPage("/sign-in");
    const user = await enterPassword();
    await user.type(await screen.findByLabelText("Code"), "111111");
    expect((await screen.findByRole("alert")).textContent).toContain("four tries are left");
    await user.type(screen.getByLabelText("Code"), "222222");
    await user.click(await screen.findByRole("button", { name: "Begin again" }));
    expect(await screen.findByLabelText("Password")).toBeTruthy();
  });

  it("takes a recovery code in place of one of the app", async () => {
    const asked = fakeServer({
      "POST /sign-in": { body: { state: "code", factor: "totp", valid_seconds: 600 } },
      "POST /sign-in/code": { body: { state: "signed_in" } },
      "GET /session": { body: session },
    });
    showPage("/sign-in?next=%2Faccount");
    const user = await enterPassword();
    expect(await screen.findByText(/Open your authenticator app/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Send the code again/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: /use a recovery code/ }));
    await user.type(screen.getByLabelText("Recovery code"), "abcd-efgh-ijkl-mnop");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(addressNow()).toBe("/account"));
    const sent = asked.find(({ what }) => what === "POST /sign-in/code")?.body;
    expect(sent).toEqual({ code: "abcd-efgh-ijkl-mnop", remember: false });
  });

  it("does not send a code again before its time", async () => {
    const asked = fakeServer({ "POST /sign-in": asksForCode });
    showPage("/sign-in");
    const user = await enterPassword();
    await user.click(await screen.findByRole("button", { name: /Send the code again in \d+ s/ }));
    expect(asked.map(({ what }) => what)).toEqual(["GET /sign-in", "POST /sign-in"]);
  });
});
