/** An editor with a tenant behind it, for tests of what a person can do in it. */
import { configure, screen } from "@testing-library/react";
import userEvent, { PointerEventsCheckLevel } from "@testing-library/user-event";
import { fakeServer } from "../../testing/fakeServer";
import { showPage } from "../../testing/page";
import type { SignatureEntry } from "../design/types";

type Answers = Parameters<typeof fakeServer>[0];

export const signature = (more: Partial<SignatureEntry> = {}): SignatureEntry => ({
  id: "a",
  name: "Standard",
  enabled: false,
  place: "reply",
  images: "hosted",
  then_continue: false,
  applies: { senders: {}, recipients: "any", except: {}, schedule: null },
  design: { version: 1, blocks: [{ type: "text", lines: [["Kind regards"]] }] },
  ...more,
});

const ada = { id: "ada", addresses: ["ada@contoso.example"], attributes: { displayName: "Ada Vance" } };

// The editor is a large page, and what of it a window would show is nothing that jsdom could tell: without layout every
// question of what is seen costs seconds and answers little.
configure({ defaultHidden: true });

/** Somebody with a mouse and a keyboard. */
export const user = userEvent.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never });

// Nothing has a place in a document that is not drawn.
document.elementsFromPoint ??= () => [];
Element.prototype.scrollIntoView ??= () => undefined;

/** Opens the editor of a signature and waits until it is there. */
export async function openEditor(entry: SignatureEntry, answers: Answers = {}, scopes = ["signatures:write"]) {
  let revision = 7;
  const etag = () => ({ ETag: `"${revision}"` });
  const changed = () => {
    revision += 1;
    return { body: { revision, dry_run: false }, headers: etag() };
  };
  const asked = fakeServer({
    "GET /session": {
      body: {
        account: {
          id: "1",
          email: "ada@contoso.example",
          first_name: "Ada",
          last_name: "Vance",
          full_name: "Ada Vance",
        },
        tenants: [
          { id: "contoso", name: "Contoso", role: "editor", scopes: ["signatures:read", "people:read", ...scopes] },
        ],
        password_reminder: false,
        confirmed_seconds: null,
      },
    },
    "GET /tenants/contoso": {
      body: { id: "contoso", name: "Contoso", mode: "live", domains: ["contoso.example"], revision: 7 },
    },
    [`GET /tenants/contoso/signatures/${entry.id}`]: () => ({ body: entry, headers: etag() }),
    [`PUT /tenants/contoso/signatures/${entry.id}`]: changed,
    [`PUT /tenants/contoso/signatures/${entry.id}/enabled`]: changed,
    "POST /tenants/contoso/signatures": changed,
    "GET /tenants/contoso/signatures": () => ({ body: { signatures: [entry] }, headers: etag() }),
    "GET /tenants/contoso/folders": () => ({ body: { folders: [] }, headers: etag() }),
    "GET /tenants/contoso/people": { body: { people: [ada] } },
    "GET /tenants/contoso/drafts": { body: { drafts: [] } },
    "GET /tenants/contoso/people/ada": { body: ada },
    "GET /tenants/contoso/groups": { body: { groups: [{ id: "sales", name: "Sales" }] } },
    "GET /tenants/contoso/images": { body: { images: [] } },
    "GET /tenants/contoso/brand": () => ({ body: { colours: [], fonts: [], logos: [] }, headers: etag() }),
    "POST /tenants/contoso/preview": {
      body: { empty: false, html: "<p>drawn</p>", plain: "Kind regards\n", rtf: "", images: [] },
    },
    ...answers,
  });
  showPage(`/t/contoso/signatures/${entry.id}`);
  await screen.findByRole("textbox", { name: "Name of the signature" });
  return {
    asked,
    /** What was published, one after the other. */
    published: () =>
      asked
        .filter(({ what }) => what === `PUT /tenants/contoso/signatures/${entry.id}`)
        .map(({ body, headers }) => [body as SignatureEntry, headers.get("If-Match")] as const),
  };
}
