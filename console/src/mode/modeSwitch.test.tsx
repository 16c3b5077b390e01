import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const PUT = "PUT /tenants/contoso/mode";

function server(...scopes: string[]) {
  return fakeServer({
    "GET /session": sessionWith("tenant:read", ...scopes),
    "GET /tenants/contoso/mode": { body: { mode: "observe" }, headers: { ETag: '"7"' } },
    [PUT]: { body: { revision: 8 } },
  });
}

describe("the switch of the mode", () => {
  it("starts a pilot for an hour, once it is said for whom", async () => {
    const asked = server("mode:write");
    showPage("/t/contoso");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Mode: Observe. Change it" }));
    await user.click(await screen.findByRole("radio", { name: /^Pilot/ }));
    await user.selectOptions(screen.getByRole("combobox", { name: "How long" }), "1h");
    const change = () => screen.getByRole("button", { name: "Switch to Pilot" });
    await user.click(change());
    expect(asked.some(({ what }) => what === PUT)).toBe(false);

    await user.type(screen.getByLabelText("Or a word in the subject"), "signet-pilot");
    await user.click(change());
    await waitFor(() => expect(asked.some(({ what }) => what === PUT)).toBe(true));
    const sent = asked.find(({ what }) => what === PUT)!;
    expect(sent.body).toEqual({ mode: { pilot: { people: [], groups: [], marker: "signet-pilot" } }, for: "1h" });
    expect(sent.headers.get("If-Match")).toBe('"7"');
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("only tells the mode to who may not change it", async () => {
    server();
    showPage("/t/contoso");
    await userEvent.click(await screen.findByRole("button", { name: "Mode: Observe" }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
