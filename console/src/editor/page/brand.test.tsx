/** Whoever draws is offered the brand first, and draws without one as well. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import type { SignatureEntry } from "../design/types";
import { openEditor, signature, user } from "./testEditor";

beforeEach(() => localStorage.clear());

const BRAND = {
  colours: [
    { name: "Coral", colour: "#FF5A4F" },
    { name: "Ink", colour: "#1a2b3c" },
  ],
  fonts: ["Georgia, Times New Roman, serif"],
  logos: [{ name: "Wordmark", image: "logo", alt: "Contoso Ltd" }],
};
const withBrand = {
  "GET /tenants/contoso/brand": { body: BRAND, headers: { ETag: '"7"' } },
  "GET /tenants/contoso/images": {
    body: {
      images: [
        { id: "banner", type: "image/png", bytes: 9000 },
        { id: "logo", type: "image/png", bytes: 4000 },
      ],
    },
  },
};
const press = (name: string | RegExp) => user.click(screen.getByRole("button", { name }));
const styled: Partial<SignatureEntry> = {
  design: {
    version: 1,
    style: { font: "Verdana, Geneva, sans-serif" },
    blocks: [{ type: "divider", colour: "#ff5a4f", thickness: 1 }, { type: "divider", colour: "#d0d0d0", thickness: 1 }],
  },
};

describe("with a brand", () => {
  test("its colours come first by their names, then what the signatures use besides", async () => {
    const { published } = await openEditor(signature(styled), withBrand);
    await press("Add Button");
    const ofBrand = within((await screen.findAllByRole("group", { name: "Colours of your brand" }))[0]!);
    expect(ofBrand.getAllByRole("button").map((one) => one.getAttribute("aria-label"))).toEqual(["Coral", "Ink"]);
    // A new button begins with the first.
    expect(ofBrand.getByRole("button", { name: "Coral" }).getAttribute("aria-pressed")).toBe("true");
    const used = within((await screen.findAllByRole("group", { name: "Colours of your signatures" }))[0]!);
    expect(used.getAllByRole("button").map((one) => one.getAttribute("aria-label"))).toEqual(["#d0d0d0"]);
    await user.click(ofBrand.getByRole("button", { name: "Ink" }));
    await press("Publish");
    await waitFor(() => expect(published()).toHaveLength(1));
    const block = published()[0]![0].design.blocks.find(({ type }) => type === "button");
    expect(block).toMatchObject({ colour: "#1a2b3c" });
  });

  test("its fonts come first", async () => {
    await openEditor(signature(styled), withBrand);
    fireEvent.click(screen.getAllByRole("combobox", { name: "Font" })[0]!);
    const list = within(await screen.findByRole("listbox"));
    const groups = list.getAllByRole("group").map((group) => within(group).getAllByRole("option")[0]!.textContent);
    expect(groups.slice(0, 2)).toEqual(["Georgia", "Verdana"]);
    expect(list.getAllByRole("option", { name: "Georgia" })).toHaveLength(1);
  });

  test("its logo is offered first and brings its description", async () => {
    const { published } = await openEditor(signature(), withBrand);
    await press("Add Logo");
    await press("Choose a picture");
    const dialog = within(await screen.findByRole("dialog"));
    const pictures = await dialog.findAllByRole("button", { name: /Wordmark|banner|logo/ });
    expect(pictures.map((one) => one.textContent)).toEqual(["Wordmark", "banner · 9 kB"]);
    await user.click(pictures[0]!);
    await press("Publish");
    await waitFor(() => expect(published()).toHaveLength(1));
    const block = published()[0]![0].design.blocks.find(({ type }) => type === "logo");
    expect(block).toMatchObject({ image: "logo", alt: "Contoso Ltd" });
  });
});

test("without one, what the signatures use is offered, and the editor opens though it cannot be read", async () => {
  const failed = { status: 500, body: { type: "about:blank", title: "", status: 500, detail: "no" } };
  await openEditor(signature(styled), { "GET /tenants/contoso/brand": failed });
  await press("Add Button");
  const used = within((await screen.findAllByRole("group", { name: "Colours of your signatures" }))[0]!);
  expect(used.getAllByRole("button")).toHaveLength(2);
  expect(screen.queryByRole("group", { name: "Colours of your brand" })).toBeNull();
});
