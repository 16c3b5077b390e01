import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeServer, problem } from "../../testing/fakeServer";
import { showPage } from "../../testing/page";
import { sessionWith } from "../../testing/session";

const own = (totp: boolean) => ({
  body: {
    id: "1",
    first_name: "Ada",
    last_name: "Vance",
    full_name: "Ada Vance",
    company: "Contoso",
    telephone: "+31 20 123",
    email: "ada@contoso.example",
    address_line_1: "Keizersgracht 1",
    address_line_2: "",
    city: "Amsterdam",
    postcode: "",
    country: "NL",
    password_changed: "2026-01-01T00:00:00Z",
    totp,
    recovery_codes_left: totp ? 9 : 0,
  },
});
const TOTP = "/account/totp";

function open(totp: boolean, more: Parameters<typeof fakeServer>[0]) {
  const asked = fakeServer({
    "GET /session": sessionWith("tenant:read"),
    "GET /sign-up": { body: { open: false, regions: [], password_profile: "strict", countries: [] } },
    "GET /account": own(totp),
    "GET /account/devices": { body: { devices: [] } },
    "GET /account/sessions": { body: { sessions: [] } },
    ...more,
  });
  showPage("/account");
  return { asked, user: userEvent.setup() };
}

describe("the authenticator app", () => {
  it("is set up by a first code, and shows its recovery codes once", async () => {
    const answers = [
      problem("invalid", 422, "this is not what the app shows now"),
      { body: { recovery_codes: ["abcd-efgh-ijkl-mnop", "qrst-uvwx-yz23-4567"] } },
    ];
    const { asked, user } = open(false, {
      [`POST ${TOTP}`]: { body: { secret: "GEZDGNBV", uri: "otpauth://totp/x", qr_svg: "<svg/>" } },
      [`PUT ${TOTP}`]: () => answers.shift()!,
    });
    await user.click(await screen.findByRole("button", { name: "Set it up" }));
    expect(await screen.findByText("GEZDGNBV")).toBeTruthy();
    const picture = screen.getByRole("img", { name: "Code to scan with the app" });
    expect(picture.getAttribute("src")).toBe("data:image/svg+xml,%3Csvg%2F%3E");
    const code = () => screen.getByLabelText("Then enter the six digits it shows");
    await user.type(code(), "111111");
    await user.click(screen.getByRole("button", { name: "Switch it on" }));
    expect((await screen.findByRole("alert")).textContent).toContain("not what the app shows");
    await user.clear(code());
    await user.type(code(), "222222");
    await user.click(screen.getByRole("button", { name: "Switch it on" }));
    expect(await screen.findByText("abcd-efgh-ijkl-mnop")).toBeTruthy();
    expect(asked.findLast(({ what }) => what === `PUT ${TOTP}`)?.body).toEqual({ code: "222222" });
    await user.click(screen.getByRole("button", { name: "I have kept them" }));
    await waitFor(() => expect(screen.queryByText("abcd-efgh-ijkl-mnop")).toBeNull());
  });

  it("is switched off when that is confirmed", async () => {
    const { asked, user } = open(true, { [`DELETE ${TOTP}`]: { status: 204 } });
    expect(await screen.findByText(/Recovery codes left, for when the app is lost: 9/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Switch it off" }));
    expect(asked.some(({ what }) => what === `DELETE ${TOTP}`)).toBe(false);
    await user.click((await screen.findAllByRole("button", { name: "Switch it off" })).at(-1)!);
    await waitFor(() => expect(asked.some(({ what }) => what === `DELETE ${TOTP}`)).toBe(true));
  });
});
