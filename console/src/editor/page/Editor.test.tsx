/** What one does in the editor reaches the signature, once, and nobody else's work is lost by it. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { problem } from "../../testing/fakeServer";
import type { SignatureEntry } from "../design/types";
import { openEditor, signature, user } from "./testEditor";

beforeEach(() => localStorage.clear());

const press = (name: string | RegExp) => user.click(screen.getByRole("button", { name }));

describe("designing by the keyboard alone", () => {
  test("a block is added, moved, copied, removed, and the whole published", async () => {
    const { published } = await openEditor(signature());
    await press("Add Line");
    await waitFor(() => expect(screen.getByText("Draft, not published")).toBeTruthy());
    fireEvent.click(screen.getAllByText("Outline")[0]!);
    expect(screen.getAllByRole("treeitem").map((item) => item.textContent)).toEqual(["Text Kind regards", "Line "]);

    const actions = within(screen.getByLabelText("Blocks and checks", { selector: "aside" }));
    await user.click(actions.getByRole("button", { name: "Move up" }));
    await user.click(actions.getByRole("button", { name: "Duplicate" }));
    await waitFor(() => expect(screen.getAllByRole("treeitem")).toHaveLength(3));
    await user.click(actions.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(screen.getAllByRole("treeitem")).toHaveLength(2));

    await press("Publish");
    await waitFor(() => expect(screen.getByText("Published", { selector: ".fui-Badge" })).toBeTruthy());
    const line = { type: "divider", colour: "#d0d0d0", thickness: 1 };
    const design = { version: 1, blocks: [line, { type: "text", lines: [["Kind regards"]] }] };
    expect(published()).toEqual([[signature({ design: design as never }), '"7"']]);
  });

  test("what was done is undone and done again", async () => {
    await openEditor(signature());
    await press("Add Space");
    fireEvent.click(screen.getAllByText("Outline")[0]!);
    expect(screen.getAllByRole("treeitem")).toHaveLength(2);
    await waitFor(() =>
      expect(screen.getByRole("button", { name: /^Undo/ }).getAttribute("aria-disabled")).not.toBe("true"),
    );
    await press(/^Undo/);
    await waitFor(() => expect(screen.getAllByRole("treeitem")).toHaveLength(1));
    await press(/^Redo/);
    await waitFor(() => expect(screen.getAllByRole("treeitem")).toHaveLength(2));
  });
});

describe("drafts", () => {
  test("a draft is there when one comes back, and can be discarded", async () => {
    const first = await openEditor(signature());
    await user.type(screen.getByRole("textbox", { name: "Name of the signature" }), " 2");
    await waitFor(() => expect(localStorage.getItem("signet.draft.contoso.a")).toContain("Standard 2"));
    expect(first.published()).toEqual([]);

    document.body.replaceChildren();
    await openEditor(signature());
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the signature" }).value).toBe("Standard 2");
    await press("More");
    await user.click(await screen.findByRole("menuitem", { name: "Discard the draft" }));
    await waitFor(() => expect(screen.getByDisplayValue("Standard")).toBeTruthy());
    await waitFor(() => expect(localStorage.getItem("signet.draft.contoso.a")).toBeNull());
  });

  test("a draft of what somebody else has changed since is asked about", async () => {
    const draft = {
      entry: signature({ name: "Mine" }),
      base: signature({ name: "Before" }),
      saved: "2026-11-22T12:00:00Z",
    };
    localStorage.setItem("signet.draft.contoso.a", JSON.stringify(draft));
    await openEditor(signature({ name: "Theirs" }));
    expect(screen.getByDisplayValue("Theirs")).toBeTruthy();
    await press("Go on with the draft");
    expect(await screen.findByDisplayValue("Mine")).toBeTruthy();
  });
});

describe("publishing", () => {
  test("somebody else's change is not overwritten; mine becomes a copy", async () => {
    let theirs = signature();
    const { asked } = await openEditor(signature(), {
      "GET /tenants/contoso/signatures/a": () => ({ body: theirs, headers: { ETag: '"7"' } }),
      "PUT /tenants/contoso/signatures/a": problem("outdated", 412, "It was changed meanwhile."),
    });
    await user.type(screen.getByRole("textbox", { name: "Name of the signature" }), "!");
    theirs = signature({ name: "Theirs" });
    await press("Publish");
    await user.click(await screen.findByRole("button", { name: "Save mine as a copy" }));
    await waitFor(() =>
      expect(asked.find(({ what }) => what === "POST /tenants/contoso/signatures")?.body).toMatchObject({
        name: "Standard! (copy)",
        enabled: false,
      }),
    );
  });

  test("what is refused is told, and leads to its block", async () => {
    const fault = { place: "/design/blocks/0/lines/0/0/link", detail: "a link begins with https:" };
    await openEditor(signature(), {
      "PUT /tenants/contoso/signatures/a": {
        status: 422,
        body: { type: "urn:signet:problem:invalid", title: "", status: 422, detail: fault.detail, problems: [fault] },
      },
    });
    await user.type(screen.getByRole("textbox", { name: "Name of the signature" }), "!");
    await press("Publish");
    await user.click(await screen.findByRole("button", { name: "Show where" }));
    await user.click(await screen.findByRole("button", { name: /a link begins with https:/ }));
    expect(await screen.findByRole("heading", { name: "Text" })).toBeTruthy();
  });

  test("the switch counts at once, and leaves the draft a draft", async () => {
    const { asked, published } = await openEditor(signature());
    await user.type(screen.getByRole("textbox", { name: "Name of the signature" }), "!");
    await user.click(screen.getByRole("switch", { name: "Mail is signed with it" }));
    await waitFor(() => expect(asked.some(({ what }) => what.endsWith("/enabled"))).toBe(true));
    expect(screen.getByText("Draft, not published")).toBeTruthy();
    await press("Publish");
    await waitFor(() => expect(published()).toHaveLength(1));
    expect(published()[0]).toEqual([signature({ name: "Standard!", enabled: true }), '"8"']);
  });

  test("whoever switches it on and publishes at once has both, one after the other", async () => {
    let turned = () => {};
    const answer = { body: { revision: 8, dry_run: false }, headers: { ETag: '"8"' } };
    const said = new Promise<typeof answer>((resolve) => (turned = () => resolve(answer)));
    const { published } = await openEditor(signature(), { "PUT /tenants/contoso/signatures/a/enabled": () => said });
    await user.type(screen.getByRole("textbox", { name: "Name of the signature" }), "!");
    // Without a moment between them, as keys may come.
    fireEvent.click(screen.getByRole("switch", { name: "Mail is signed with it" }));
    fireEvent.click(screen.getByRole("button", { name: "Publish" }));
    await press("Publishing");
    expect(published()).toEqual([]);
    turned();
    await waitFor(() => expect(screen.getByText("Published", { selector: ".fui-Badge" })).toBeTruthy());
    expect(published()).toEqual([[signature({ name: "Standard!", enabled: true }), '"8"']]);
  });
});

test("a block without a frame is drawn without the one that new blocks have", async () => {
  const block = { type: "rows" as const, gap: 0, blocks: [{ type: "spacer" as const, height: 7 }] };
  const framed = { ...block, frame: { border: "#123456", padding: 3 } };
  await openEditor(signature({ design: { version: 1, blocks: [block, framed] } }));
  const paddings = [...document.querySelectorAll<HTMLElement>("[data-puck-preview] .slot")].map(
    (slot) => slot.parentElement?.style.padding,
  );
  expect(paddings).toEqual(["", "3px"]);
});

describe("drafts on the server", () => {
  const DRAFT = "/tenants/contoso/signatures/a/draft";
  const head = { signature: "a", name: "Standard!", version: 8, who: "Ada <ada@contoso.example>", is_new: false };

  /** A server that keeps one draft. */
  function drafts(first: SignatureEntry | null = null) {
    let kept = first;
    let state: { state: string; note?: string } = { state: "open" };
    const seen = { time: "2026-11-22T12:00:00Z", ...head };
    return {
      [`GET ${DRAFT}`]: () =>
        kept
          ? { body: { draft: kept, base: signature(), ...seen, ...state }, headers: { ETag: '"8"' } }
          : problem("not_found", 404, "There is none."),
      [`PUT ${DRAFT}`]: ({ body }: { body: unknown }) => {
        kept = (body as { draft: SignatureEntry }).draft;
        return { body: {}, headers: { ETag: '"8"' } };
      },
      [`PUT ${DRAFT}/state`]: ({ body }: { body: unknown }) => {
        state = body as typeof state;
        return { status: 204 };
      },
      [`DELETE ${DRAFT}`]: () => {
        kept = null;
        return { status: 204 };
      },
      "GET /tenants/contoso/drafts": () => ({ body: { drafts: kept ? [{ ...seen, ...state, state_who: "Ada <a@b>" }] : [] } }),
    };
  }

  test("who may not publish draws, sees that it is saved, and asks", async () => {
    const { asked, published } = await openEditor(signature(), drafts(), ["drafts:write"]);
    expect(screen.queryByRole("button", { name: "Publish" })).toBeNull();
    expect(screen.queryByRole("switch", { name: "Mail is signed with it" })).toBeNull();
    await user.type(screen.getByRole("textbox", { name: "Name of the signature" }), "!");
    await screen.findByText(/^Saved /);
    await press("Ask for publishing");
    await user.type(await screen.findByRole("textbox", { name: "A word to it" }), "For spring");
    await press("Ask");
    await screen.findByText("This draft waits to be published");
    const sent = asked.filter(({ what }) => what.startsWith("PUT")).map(({ what, body }) => [what, body]);
    expect(sent.at(0)).toEqual([`PUT ${DRAFT}`, { draft: signature({ name: "Standard!" }), base: signature() }]);
    expect(sent.at(-1)).toEqual([`PUT ${DRAFT}/state`, { state: "waiting", note: "For spring" }]);
    expect(published()).toEqual([]);
    expect(localStorage.getItem("signet.draft.contoso.a")).toBeNull();
  });

  test("who may publish goes on with the draft, and it is gone when it is published", async () => {
    const answers = drafts(signature({ name: "Standard!" }));
    const { asked, published } = await openEditor(signature(), answers, ["drafts:write", "signatures:write"]);
    expect(screen.getByDisplayValue("Standard!")).toBeTruthy();
    await press("Publish");
    await waitFor(() => expect(asked.some(({ what }) => what === `DELETE ${DRAFT}`)).toBe(true));
    expect(published().map(([entry]) => entry.name)).toEqual(["Standard!"]);
  });
});

test("who may only look is shown nothing that changes", async () => {
  await openEditor(signature(), {}, []);
  expect(await screen.findByTitle("Preview of the signature")).toBeTruthy();
  for (const name of ["Publish", "Add Text", /^Undo/]) expect(screen.queryByRole("button", { name })).toBeNull();
  expect(screen.getByRole("textbox", { name: "Name of the signature" }).hasAttribute("readonly")).toBe(true);
});
