import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it, vi } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";
import { sessionWith } from "../testing/session";
import type { Figures, Statistics } from "./queries";

// jsdom lays nothing out, so there is nothing to draw on.
vi.mock("./echarts", () => ({ init: () => ({ setOption: () => undefined, resize: () => undefined, dispose: () => undefined }) }));

const figures = (more: Partial<Figures> = {}): Figures => ({
  messages: 0,
  signed: 0,
  left: 0,
  repeated: 0,
  deferred: 0,
  refused: 0,
  lost: 0,
  bytes_in: 0,
  bytes_out: 0,
  ...more,
});

const latency = { p50: 12, p95: 230, p99: 1800 };
const sum = figures({ messages: 150, signed: 120, left: 30, own_work: { p50: 0.2, p95: 0.4, p99: 1 }, latency });

function server(more: Partial<Statistics> = {}) {
  const statistics: Statistics = {
    from: "2026-11-21T12:00:00Z",
    until: "2026-11-22T12:00:00Z",
    step_seconds: 1800,
    sum,
    before: figures({ messages: 100 }),
    steps: [
      { start: "2026-11-22T11:00:00Z", ...sum },
      { start: "2026-11-22T11:30:00Z", ...figures() },
    ],
    reasons: [{ reason: "observe", messages: 30 }],
    signatures: [{ signature: "standard", messages: 120 }],
    sites: [{ site: "eu-a", ...sum }],
    ...more,
  };
  return fakeServer({
    "GET /session": sessionWith("decisions:read", "tenant:read"),
    "GET /tenants/contoso/statistics": { body: statistics },
    "GET /tenants/contoso/decisions": { body: { decisions: [] } },
  });
}

beforeAll(() => import("./FlowPage"));

it("tells the numbers, and how they have changed", async () => {
  server();
  showPage("/t/contoso/flow");
  expect(await screen.findByText("50 % more than before")).toBeTruthy();
  expect(screen.getByText("80% of all")).toBeTruthy();
  expect(screen.getByText("0.4 ms")).toBeTruthy();
});

it("has a table behind each chart, without the steps in which nothing came", async () => {
  server();
  showPage("/t/contoso/flow");
  const [first] = await screen.findAllByRole("button", { name: "Show the numbers" });
  await userEvent.setup().click(first!);
  const table = within(screen.getByRole("region", { name: /^Messages over time/ }));
  expect(table.getAllByRole("row")).toHaveLength(2);
  expect(table.getByRole("cell", { name: "120" })).toBeTruthy();
});

it("leads from a reason to its messages", async () => {
  const asked = server();
  showPage("/t/contoso/flow?range=month");
  await userEvent.setup().click(await screen.findByRole("link", { name: "The mode is observe: nothing is changed." }));
  expect(await screen.findByText("No message like that")).toBeTruthy();
  expect(addressNow()).toContain("/mail?");
  const { query } = asked.find(({ what }) => what === "GET /tenants/contoso/decisions")!;
  expect(new URLSearchParams(query).get("reason")).toBe("observe");
  expect(screen.getByRole("link", { name: "Export CSV" }).getAttribute("href")).toContain("reason=observe");
});

it("says what to do where nothing came", async () => {
  server({ sum: figures(), steps: [], reasons: [], signatures: [], sites: [] });
  showPage("/t/contoso/flow");
  expect(await screen.findByRole("link", { name: "Look at the connection" })).toBeTruthy();
});
