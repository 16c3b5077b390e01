/** Everything that a tenant file can say about who gets a signature can be opened in the form, and nothing of it is lost. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, test } from "vitest";
import { openEditor, signature, user } from "../page/testEditor";
import type { SignatureEntry } from "../design/types";

const EXAMPLE = resolve(import.meta.dirname, "../../../../docs/tenant-example.json");
const { signatures } = JSON.parse(readFileSync(EXAMPLE, "utf8")) as { signatures: SignatureEntry[] };

const SECTIONS = ["Senders", "Recipients", "Messages", "Times", "Exceptions", "Place", "Try it out"];

beforeEach(() => localStorage.clear());

async function openRules(entry: SignatureEntry) {
  const opened = await openEditor(entry);
  fireEvent.click(screen.getAllByText("Who gets it")[0]!);
  return opened;
}

/** By their words: to name every button of the page costs seconds. */
function unfold(section: string) {
  const header = screen.getByText(section).closest("button");
  if (header && header.getAttribute("aria-expanded") !== "true") fireEvent.click(header);
}

/** Only what one does changes it. */
describe("the signatures of the example", () => {
  it.each(signatures.map((entry) => [entry.id, entry] as const))(
    "%s: looking changes nothing, a tick only itself",
    async (_, entry) => {
      const { published } = await openRules(entry);
      for (const section of SECTIONS) unfold(section);
      expect(screen.getByText("Published", { selector: ".fui-Badge" })).toBeTruthy();

      fireEvent.click(screen.getByLabelText("Then go on to the next that applies"));
      fireEvent.click(screen.getByText("Publish"));
      await waitFor(() => expect(published()).toHaveLength(1));
      expect(published()[0]?.[0]).toEqual({ ...entry, then_continue: !entry.then_continue });
    },
  );
});

describe("the sentence", () => {
  const sentence = () => screen.getByRole("region", { name: "In words" }).textContent ?? "";

  test("follows the form", async () => {
    await openRules(signature());
    expect(sentence()).toContain("Everybody");
    unfold("Recipients");
    await user.click(screen.getByRole("radio", { name: "People outside the organisation" }));
    expect(sentence()).toContain("outside the organisation");
    unfold("Messages");
    await user.click(screen.getByRole("checkbox", { name: "Reply" }));
    expect(sentence()).toContain("repl");
  });

  test("domains are judged before they count", async () => {
    const { published } = await openRules(signature());
    const domains = screen.getByRole("textbox", { name: "Domains they write from" });
    await user.type(domains, "con@toso{Enter}");
    expect(screen.getByText(/is like no domain/)).toBeTruthy();
    await user.clear(domains);
    await user.type(domains, "*.contoso.example{Enter}");
    expect(within(screen.getByRole("region", { name: "In words" })).getByText(/\*\.contoso\.example/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Publish" }));
    await waitFor(() => expect(published()[0]?.[0].applies?.senders).toEqual({ domains: ["*.contoso.example"] }));
  });
});
