import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";
import type { Organisation } from "./queries";

const SUBSCRIBED: Organisation = {
  name: "Contoso",
  retention_days: 90,
  reply_separators: ["=== Ticket ==="],
  subscription: { state: "subscribed", in_force: true },
};

function server(first: Organisation, role: string, scopes: string[]) {
  const now = { organisation: first };
  const session = sessionWith("tenant:read", ...scopes);
  session.body.tenants.forEach((tenant) => (tenant.role = role));
  const changed = (organisation: Partial<Organisation>) => () => {
    now.organisation = { ...now.organisation, ...organisation };
    return { body: { revision: 8, dry_run: false } };
  };
  const leaving = { since: "2026-11-22T10:00:00Z", ends: "2026-12-22T10:00:00Z" };
  const asked = fakeServer({
    "GET /session": session,
    "GET /tenants/contoso/mode": { body: { mode: "live" }, headers: { ETag: '"7"' } },
    "GET /tenants/contoso/organisation": () => ({ body: now.organisation, headers: { ETag: '"7"' } }),
    "PUT /tenants/contoso/organisation": changed({ name: "Contoso Group" }),
    "POST /tenants/contoso/leaving": changed({ leaving }),
    "DELETE /tenants/contoso/leaving": changed({ leaving: undefined }),
    "POST /tenants/contoso/trial": changed({
      subscription: { state: "trial", in_force: true, ends: "2026-12-22T10:00:00Z" },
    }),
  });
  showPage("/t/contoso/settings");
  return asked;
}

describe("the settings of an organisation", () => {
  const user = userEvent.setup();
  beforeEach(() => localStorage.clear());

  it("are saved at the revision that was seen", async () => {
    const asked = server(SUBSCRIBED, "owner", ["tenant:write"]);
    const name = await screen.findByRole("textbox", { name: "Name" });
    await user.clear(name);
    await user.type(name, " Contoso Group ");
    const days = screen.getByRole("spinbutton");
    await user.clear(days);
    await user.type(days, "30");
    await user.type(screen.getByRole("textbox", { name: "Lines that begin quoted text" }), "\n\n Answer above this line");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.some(({ what }) => what.startsWith("PUT"))).toBe(true));
    const put = asked.find(({ what }) => what.startsWith("PUT"));
    expect(put?.body).toEqual({
      name: "Contoso Group",
      retention_days: 30,
      reply_separators: ["=== Ticket ===", "Answer above this line"],
    });
    expect(put?.headers.get("If-Match")).toBe('"7"');
  });

  it("are not sent while something is wrong with them", async () => {
    const asked = server(SUBSCRIBED, "owner", ["tenant:write"]);
    await user.clear(await screen.findByRole("textbox", { name: "Name" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Give the organisation a name.")).toBeDefined();
    await user.type(screen.getByRole("textbox", { name: "Lines that begin quoted text" }), "\n> a");
    expect(await screen.findByText("“> a”: a line has 4 to 200 characters and does not begin with >.")).toBeDefined();
    expect(asked.some(({ what }) => what.startsWith("PUT"))).toBe(false);
  });

  it("show an owner alone the way out, and the way back", async () => {
    const asked = server(SUBSCRIBED, "owner", ["tenant:write"]);
    await user.click(await screen.findByRole("button", { name: "Leave …" }));
    // jsdom may tell too late that the dialog has the focus; until then it counts as hidden.
    await user.click(await screen.findByRole("button", { name: "Leave", hidden: true }));
    const told = await screen.findAllByText(/everything is removed on December 22, 2026/);
    expect(told.length).toBe(2);
    await user.click(screen.getByRole("button", { name: "Stay after all" }));
    await screen.findByRole("button", { name: "Leave …" });
    expect(asked.some(({ what }) => what === "DELETE /tenants/contoso/leaving")).toBe(true);
  });

  it("are only read by who may only read", async () => {
    server(SUBSCRIBED, "auditor", []);
    expect(await screen.findByText("Records of messages are kept for 90 days.")).toBeDefined();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button", { name: "Leave …" })).toBeNull();
  });

  it("begin the trial", async () => {
    const none = { state: "none", in_force: false, trial_days: 30 };
    server({ ...SUBSCRIBED, subscription: none }, "owner", ["tenant:write"]);
    await screen.findByText(/free for 30 days/);
    await user.click(screen.getByRole("button", { name: "Start the free trial" }));
    expect(await screen.findByText("Your trial lasts until December 22, 2026.")).toBeDefined();
  });
});
