import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const reads = ["tenant:read", "signatures:read", "people:read"];

describe("the checklist of setting up", () => {
  it.each<[string, string[], string[]]>([
    ["who only reads", [], ["Open the tester"]],
    ["who draws", ["drafts:write"], ["Choose a design", "Open the tester"]],
    [
      "who does everything",
      ["drafts:write", "people:write", "tenant:write", "decisions:read"],
      ["Connect", "Open the directory", "Choose a design", "Open the tester"],
    ],
  ])("leads %s to what they may do", async (_, writes, actions) => {
    fakeServer({
      "GET /session": sessionWith(...reads, ...writes),
      "GET /tenants/contoso/mode": { body: { mode: "observe" } },
      "GET /tenants/contoso/people": { body: { people: [] } },
      "GET /tenants/contoso/signatures": { body: { signatures: [] } },
      "GET /tenants/contoso/folders": { body: { folders: [] } },
      "GET /tenants/contoso/decisions": { body: { decisions: [] } },
    });
    showPage("/t/contoso");
    await screen.findByRole("heading", { name: "Set up" });
    const main = screen.getByRole("main");
    const links = [...main.querySelectorAll("ol:not(nav ol) a")].map((link) => link.textContent);
    expect(links).toEqual(actions);
  });
});
