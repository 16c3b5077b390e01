import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const unbroken = { unbroken: true, acts: 3, since: "2026-11-03T10:00:00Z", expired: 0, number: 3, hash: "ab".repeat(32) };
const act = {
  id: "1",
  time: "2026-11-22T10:00:00Z",
  author: "account ac_1",
  who: "Ada Vance",
  ip: "192.0.2.7",
  action: "mode.set",
  object: "",
  number: 3,
  hash: "ab".repeat(32),
};

function server(verification: object) {
  return fakeServer({
    "GET /session": sessionWith("audit:read"),
    "GET /tenants/contoso/audit": { body: { acts: [act] } },
    "GET /tenants/contoso/audit/verification": { body: verification },
  });
}

beforeAll(() => import("./AuditPage"));

it("says since when the log is unbroken", async () => {
  server(unbroken);
  showPage("/t/contoso/audit");
  expect(await screen.findByText("Unbroken since November 3, 2026")).toBeTruthy();
});

it("says what somebody has done to it", async () => {
  server({ ...unbroken, unbroken: false, acts: 1, broken: { what: "removed", number: 2 } });
  showPage("/t/contoso/audit");
  expect(await screen.findByText("Somebody has tampered with this log.")).toBeTruthy();
  expect(screen.getByText(/Entry 2 was taken out\. 1 entry before it is in order\./)).toBeTruthy();
});

it("shows where it was asked from, and what else the same one did", async () => {
  const user = userEvent.setup();
  const asked = server(unbroken);
  showPage("/t/contoso/audit");
  await user.click(await screen.findByRole("button", { name: "Details: The mode was changed" }));
  expect(screen.getByText("192.0.2.7")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "What else was done by Ada Vance" }));
  const narrowed = () => asked.some(({ what, query }) => what === "GET /tenants/contoso/audit" && query.includes("author=ac_1"));
  await expect.poll(narrowed, { timeout: 15_000 }).toBe(true);
});
