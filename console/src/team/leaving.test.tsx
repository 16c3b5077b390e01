import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { addressNow } from "../testing/page";
import { openTeam } from "./testTeam";

describe("the team", () => {
  it("shows whoever leaves it the own account", async () => {
    const { asked, user } = await openTeam("owner", ["team:write"], {
      "DELETE /tenants/contoso/members/1": { status: 204 },
    });
    await user.click(screen.getByRole("button", { name: "More for Ada Vance" }));
    await user.click(await screen.findByRole("menuitem", { name: "Leave the team" }));
    await user.click(await screen.findByRole("button", { name: "Leave" }));
    await waitFor(() => expect(addressNow()).toBe("/account"));
    expect(asked.some(({ what }) => what === "DELETE /tenants/contoso/members/1")).toBe(true);
  });
});
