import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { SignatureEntry } from "../api/tenant";
import { fakeServer, problem } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const signature = (id: string, more: Partial<SignatureEntry> = {}): SignatureEntry => ({
  id,
  name: id,
  enabled: true,
  design: { version: 1, blocks: [] },
  ...more,
});

function server(
  signatures: SignatureEntry[],
  more: Parameters<typeof fakeServer>[0] = {},
  scopes = ["signatures:write"],
) {
  let revision = 7;
  const changed = () => ({ body: { revision: ++revision, dry_run: false } });
  const etag = () => ({ ETag: `"${revision}"` });
  return fakeServer({
    "GET /session": sessionWith("signatures:read", ...scopes),
    "GET /tenants/contoso/signatures": () => ({ body: { signatures }, headers: etag() }),
    "GET /tenants/contoso/folders": () => ({ body: { folders: [{ id: "f", name: "Campaigns" }] }, headers: etag() }),
    "PUT /tenants/contoso/signature-order": changed,
    "PUT /tenants/contoso/signatures/b": changed,
    "PUT /tenants/contoso/signatures/a/enabled": changed,
    "PUT /tenants/contoso/signatures/b/enabled": changed,
    ...more,
  });
}

const changesOf = (asked: ReturnType<typeof server>) =>
  asked
    .filter(({ what }) => !what.startsWith("GET"))
    .map(({ what, body, headers }) => [what, body, headers.get("If-Match")]);

async function choose(row: string, item: string) {
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: `More for ${row}` }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

describe("the list of signatures", () => {
  it("moves a signature by the menu, at the revision that was seen", async () => {
    const asked = server([signature("a"), signature("b")]);
    showPage("/t/contoso/signatures");
    await choose("b", "Move up");
    await waitFor(() =>
      expect(changesOf(asked)).toEqual([["PUT /tenants/contoso/signature-order", { signatures: ["b", "a"] }, '"7"']]),
    );
  });

  it("moves it into the folder above, and goes on from the revision that this has made", async () => {
    const asked = server([signature("a", { folder: "f" }), signature("b")]);
    showPage("/t/contoso/signatures");
    await choose("b", "Move up");
    await waitFor(() =>
      expect(changesOf(asked)).toEqual([
        ["PUT /tenants/contoso/signatures/b", signature("b", { folder: "f" }), '"7"'],
        ["PUT /tenants/contoso/signature-order", { signatures: ["a", "b"] }, '"8"'],
      ]),
    );
  });

  it("does not take two quick clicks for two people", async () => {
    const asked = server([signature("a"), signature("b")]);
    showPage("/t/contoso/signatures");
    await userEvent.click(await screen.findByRole("switch", { name: "Use a" }));
    await userEvent.click(screen.getByRole("switch", { name: "Use b" }));
    await waitFor(() => expect(changesOf(asked).map(([, , revision]) => revision)).toEqual(['"7"', '"8"']));
  });

  it("says that somebody else was faster, shows things as they were, and loads them anew when told to", async () => {
    const asked = server([signature("a")], {
      "PUT /tenants/contoso/signatures/a/enabled": problem("outdated", 412, "It was changed meanwhile."),
    });
    showPage("/t/contoso/signatures");
    await userEvent.click(await screen.findByRole("switch", { name: "Use a" }));
    expect(await screen.findByText("Somebody else changed this meanwhile")).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>("switch", { name: "Use a" }).checked).toBe(true);
    const reads = () => asked.filter(({ what }) => what === "GET /tenants/contoso/signatures").length;
    const before = reads();
    await userEvent.click(screen.getByText("Load it anew"));
    await waitFor(() => expect(reads()).toBe(before + 1));
  });

  it("offers nothing to who may only look", async () => {
    server([signature("a", { layer: "banner", applies: { recipients: "external" } })], {}, []);
    showPage("/t/contoso/signatures");
    const row = (await screen.findByRole("link", { name: "a" })).closest("li")!;
    expect(within(row).getByText("Everybody, to recipients outside the organisation.")).toBeTruthy();
    expect(within(row).getByText("Banner")).toBeTruthy();
    expect(within(row).queryAllByRole("button")).toEqual([]);
    // Nor is the row told to be something that could be moved.
    expect([row.getAttribute("role"), row.getAttribute("aria-disabled")]).toEqual([null, null]);
    expect(screen.queryByRole("switch", { name: "Use a" })).toBeNull();
    expect(screen.queryByText("New signature")).toBeNull();
  });
});
