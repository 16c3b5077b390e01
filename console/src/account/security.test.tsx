import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";

describe("the page about security", () => {
  it("is found from signing in, by whoever has no account", async () => {
    const asked = fakeServer({});
    showPage("/sign-in");
    await userEvent.click(await screen.findByRole("link", { name: "Security and privacy" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Security and privacy" })).toBeTruthy();
    expect(addressNow()).toBe("/security");
    expect(screen.getByText(/never ask for payment data, a VAT number or your password by e-mail/)).toBeTruthy();
    // Nothing but what ways of signing in there are.
    expect(asked.filter(({ what }) => what !== "GET /sign-in")).toEqual([]);
  });
});
