/** An empty signature begins in the brand's font, and without a brand as well. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { SignatureEntry } from "../api/tenant";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const etag = { ETag: '"7"' };

it.each([
  ["of the brand", { body: { fonts: ["Georgia, serif", "Arial"] }, headers: etag }, { font: "Georgia, serif" }],
  ["of nothing where none is kept", { body: {}, headers: etag }, undefined],
  ["of nothing where it cannot be read", { status: 500, body: {} }, undefined],
])("the font is %s", async (_, brand, style) => {
  const asked = fakeServer({
    "GET /session": sessionWith("signatures:read", "signatures:write", "drafts:write", "tenant:read"),
    "GET /tenants/contoso/mode": { body: { mode: "live" }, headers: etag },
    "GET /tenants/contoso/templates": { body: { templates: [] } },
    "GET /tenants/contoso/signatures": { body: { signatures: [] }, headers: etag },
    "GET /tenants/contoso/brand": brand,
    "POST /tenants/contoso/signatures": { body: { revision: 8, dry_run: false } },
  });
  showPage("/t/contoso/templates");
  await userEvent.click(await screen.findByRole("button", { name: "Begin with an empty one" }));
  const made = () => asked.find(({ what }) => what === "POST /tenants/contoso/signatures");
  await waitFor(() => expect(made()).toBeDefined());
  expect((made()!.body as SignatureEntry).design.style).toEqual(style);
});
