import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeServer, type Asked } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";
import { sessionWith } from "../testing/session";
import { ada, fixture } from "./fixtures/fixtures";

const rendered = { empty: false, html: "<p>Ada</p>", plain: "Ada", rtf: "", images: [] };

const people = { body: { people: [ada], total: 1 } };

function server(asked: (request: Asked) => typeof people | Promise<typeof people> = () => people) {
  return fakeServer({
    "GET /session": sessionWith("signatures:read", "signatures:write", "people:read"),
    "GET /tenants/contoso/people": asked,
    "GET /tenants/contoso/images": { body: { images: [] } },
    "GET /tenants/contoso/signatures": { body: { signatures: [] }, headers: { ETag: '"7"' } },
    "POST /tenants/contoso/signatures": { status: 201, body: { revision: 8, dry_run: false } },
    "POST /tenants/contoso/preview": { body: rendered },
  });
}

/** As a browser hands over what was copied. */
const paste = async (html: string) => {
  const field = await screen.findByRole("textbox", { name: "Paste the signature here" });
  fireEvent.paste(field, {
    clipboardData: { getData: (type: string) => (type === "text/html" ? html : ""), files: [] },
  });
};

describe("importing a signature", () => {
  it("makes a signature with fields of what was pasted, switched off", async () => {
    const asked = server();
    const user = userEvent.setup();
    showPage("/t/contoso/import");
    await paste(`<p>Ada Lovelace</p><p>Research</p><p>ada@northwind.example</p>`);
    await user.click(await screen.findByRole("switch", { name: /^Research/ }));
    await user.click(await screen.findByRole("checkbox", { name: "ada@northwind.example" }));
    const make = screen.getByRole("button", { name: "Make the signature" });
    await waitFor(() => expect(make.getAttribute("aria-disabled")).not.toBe("true"));
    await user.click(make);
    await waitFor(() => expect(addressNow()).toContain("/signatures/signature-of-ada-lovelace"));
    const made = asked.find(({ what }) => what === "POST /tenants/contoso/signatures");
    expect(made?.headers.get("If-Match")).toBe('"7"');
    expect(made?.body).toMatchObject({
      name: "Signature of Ada Lovelace",
      enabled: false,
      design: {
        blocks: [{ type: "text", lines: [[{ field: "displayName" }]] }, { type: "spacer" }, { lines: [["Research"]] }],
      },
    });
  });

  it("waits for the directory to say whose it is", async () => {
    let say = () => {};
    const said = new Promise<typeof people>((resolve) => (say = () => resolve(people)));
    const asked = server(({ query }) => (query.includes("search=") ? said : people));
    showPage("/t/contoso/import");
    await paste(`<p>Ada Lovelace</p><p><a href="mailto:ada@northwind.example">Mail</a></p>`);
    const make = await screen.findByRole("button", { name: "Make the signature" });
    // All else is there: somebody's preview is drawn already.
    await waitFor(() => expect(asked.map(({ what }) => what)).toContain("POST /tenants/contoso/preview"));
    expect(make.getAttribute("aria-disabled")).toBe("true");
    say();
    await waitFor(() => expect(make.getAttribute("aria-disabled")).not.toBe("true"));
    expect(screen.getByDisplayValue("Signature of Ada Lovelace")).toBeTruthy();
  });

  it("says of a picture elsewhere that it is not fetched, and offers to upload it", async () => {
    server();
    showPage("/t/contoso/import");
    await paste(fixture("gmail.html"));
    expect(await screen.findByText(/Lies on another server, lh3\.example, and is not fetched/)).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Upload/ })).toBeTruthy();
    expect(screen.getByText("1 picture is not there and would be left out.")).toBeTruthy();
  });

  it("says what it cannot read", async () => {
    server();
    showPage("/t/contoso/import");
    const files = await screen.findByLabelText("Messages or signature files");
    fireEvent.change(files, { target: { files: [new File(["x"], "mail.msg")] } });
    expect(await screen.findByText(/can be read by Outlook only/)).toBeTruthy();
  });
});
