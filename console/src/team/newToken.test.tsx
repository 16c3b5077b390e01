import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openTeam } from "./testTeam";

describe("API tokens", () => {
  it("makes a token of what one may do, and shows it once", async () => {
    const { asked, user } = await openTeam("administrator", ["team:write"], {
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
