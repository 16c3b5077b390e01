/** The page of the brand: what is changed is saved once, over nobody's work, and looked at by whoever may only look. */
import { configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent, { PointerEventsCheckLevel } from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";
import { sessionWith } from "../testing/session";
import { NO_BRAND, type Brand } from "./queries";

// Nothing is laid out here: what would be seen is not asked, which costs seconds.
configure({ defaultHidden: true });

const BRAND: Brand = {
  colours: [
    { name: "Petrol", colour: "#00635d" },
    { name: "Ink", colour: "#1a2b3c" },
  ],
  fonts: ["Georgia, Times New Roman, serif"],
  logos: [{ name: "Wordmark", image: "logo", alt: "Contoso" }],
};

const drawn = {
  id: "a",
  name: "A",
  enabled: true,
  design: {
    version: 1,
    style: { font: "Verdana, Geneva, sans-serif" },
    blocks: [{ type: "divider", colour: "#D13438", thickness: 1 }],
  },
};

function server(first: Brand, scopes: string[], more: Parameters<typeof fakeServer>[0] = {}) {
  const now = { brand: first, revision: 7 };
  const etag = () => ({ ETag: `"${now.revision}"` });
  const asked = fakeServer({
    "GET /session": sessionWith("signatures:read", ...scopes),
    "GET /tenants/contoso/mode": { body: { mode: "live" }, headers: { ETag: '"7"' } },
    "GET /tenants/contoso/brand": () => ({ body: now.brand, headers: etag() }),
    "GET /tenants/contoso/images": { body: { images: [{ id: "logo", type: "image/png", bytes: 12_345 }] } },
    "GET /tenants/contoso/signatures": () => ({ body: { signatures: [drawn] }, headers: etag() }),
    "PUT /tenants/contoso/brand": ({ body }) => {
      Object.assign(now, { brand: body, revision: now.revision + 1 });
      return { body: { revision: now.revision, dry_run: false }, headers: etag() };
    },
    ...more,
  });
  showPage("/t/contoso/brand");
  return {
    now,
    saved: () =>
      asked
        .filter(({ what }) => what === "PUT /tenants/contoso/brand")
        .map(({ body, headers }) => [body as Brand, headers.get("If-Match")] as const),
  };
}

describe("the brand", () => {
  const user = userEvent.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never });
  const write = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
  const press = async (name: string | RegExp) => user.click(await screen.findByRole("button", { name }));
  beforeEach(() => localStorage.clear());

  it("is changed in every part and saved at the revision that was seen", async () => {
    const { saved } = server(BRAND, ["drafts:write", "signatures:write"]);
    await press("Put Petrol later");
    await press("Add a colour");
    const added = screen.getAllByRole("textbox", { name: /^Name of/ })[2]!;
    expect(document.activeElement).toBe(added);
    write(added, "Sand");
    write(screen.getByRole("textbox", { name: "Number of Sand" }), "E0D5C0");
    await press("Take Georgia out");
    const font = screen.getByRole("combobox", { name: "Add a font" });
    write(font, "Verdana, sans-serif");
    fireEvent.blur(font);
    write(screen.getByRole("textbox", { name: /^Description/ }), "Contoso Ltd");
    await press("Save");
    await screen.findByText("The brand is saved");
    expect(saved()).toEqual([
      [
        {
          colours: [BRAND.colours[1], BRAND.colours[0], { name: "Sand", colour: "#e0d5c0" }],
          fonts: ["Verdana, sans-serif"],
          logos: [{ name: "Wordmark", image: "logo", alt: "Contoso Ltd" }],
        },
        '"7"',
      ],
    ]);
    await waitFor(() => expect(screen.queryByText("Not saved yet.")).toBeNull());
  });

  it("is not sent while a name is missing or stands twice", async () => {
    const { saved } = server(BRAND, ["drafts:write"]);
    const name = await screen.findByRole("textbox", { name: "Name of #1a2b3c" });
    write(name, "");
    expect(screen.getByText("Give it a name.")).toBeDefined();
    write(name, "petrol");
    expect(screen.getByText("Another one has this name.")).toBeDefined();
    await press("Save");
    expect(saved()).toEqual([]);
    await press("Discard");
    expect(screen.queryByText("Another one has this name.")).toBeNull();
  });

  it("begins with what the signatures use, as far as one wants it", async () => {
    const { saved } = server(NO_BRAND, ["drafts:write"]);
    await press("Take over what the signatures use");
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(await dialog.findByRole("checkbox", { name: /Verdana/ }));
    await user.click(dialog.getByRole("button", { name: "Take over" }));
    await press("Save");
    await screen.findByText("The brand is saved");
    expect(saved()[0]![0]).toEqual({ ...NO_BRAND, colours: [{ name: "Red", colour: "#d13438" }] });
  });

  it("takes a picture that is there as its logo", async () => {
    const { saved } = server(NO_BRAND, ["drafts:write"]);
    await press("Add a picture");
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.queryByText("Upload")).toBeNull();
    await user.click(await dialog.findByRole("button", { name: /^logo/ }));
    expect(screen.getByText("12 kB")).toBeDefined();
    await press("Save");
    await screen.findByText("The brand is saved");
    expect(saved()[0]![0].logos).toEqual([{ name: "Logo", image: "logo", alt: "Contoso" }]);
  });

  it("is saved over what was seen, though something else of the tenant has changed meanwhile", async () => {
    const { now, saved } = server(BRAND, ["drafts:write"]);
    await press("Take Ink out");
    now.revision = 9;
    await press("Save");
    await screen.findByText("The brand is saved");
    expect(saved().map(([, revision]) => revision)).toEqual(['"9"']);
  });

  it("is never saved over what somebody else has saved", async () => {
    const { now, saved } = server(BRAND, ["drafts:write"]);
    await press("Take Ink out");
    Object.assign(now, { brand: { ...BRAND, fonts: ["Arial"] }, revision: 8 });
    await press("Save");
    await screen.findByText(/Somebody else has changed the brand meanwhile/);
    expect(saved()).toEqual([]);
    await press("Discard mine and show theirs");
    expect(screen.getByText("Arial")).toBeDefined();
    expect(screen.getByRole("textbox", { name: "Name of #1a2b3c" })).toBeDefined();
  });

  it("stays unsaved in sight when the server refuses it", async () => {
    const refused = problem("invalid", 422, "there is no image `logo`");
    server(BRAND, ["drafts:write"], { "PUT /tenants/contoso/brand": refused });
    await press("Take Ink out");
    await press("Save");
    await screen.findByText("there is no image `logo`");
    expect(screen.getByText("Not saved yet.")).toBeDefined();
  });

  it("asks whoever leaves with something unsaved", async () => {
    server(BRAND, ["drafts:write"]);
    await press("Take Ink out");
    const leave = async () => user.click((await screen.findAllByRole("link", { name: "Signatures" }))[0]!);
    await leave();
    await press("Cancel");
    expect(addressNow()).toBe("/t/contoso/brand");
    await leave();
    await press("Leave");
    await waitFor(() => expect(addressNow()).toBe("/t/contoso/signatures"));
  });

  it("is only looked at by who may only look", async () => {
    server(BRAND, []);
    expect(await screen.findByText("Petrol")).toBeDefined();
    expect(screen.getByRole("img", { name: "Contoso" })).toBeDefined();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button", { name: /Add|Take/ })).toBeNull();
  });

  it("tells who may only look that there is none", async () => {
    server(NO_BRAND, []);
    expect(await screen.findByText("No brand is kept yet")).toBeDefined();
  });

  it("tells why it is not there", async () => {
    server(BRAND, ["drafts:write"], { "GET /tenants/contoso/brand": problem("fault", 500, "The disk is full.") });
    expect(await screen.findByText("The disk is full.")).toBeDefined();
    expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
  });
});
