import { describe, expect, it } from "vitest";
import type { CertificateSeen, ConnectionNow, MailFlowChecks } from "./queries";
import { stepsOf, type Known } from "./steps";

const now = new Date("2026-11-22T12:00:00Z");

const nothing: ConnectionNow = {
  application: true,
  domains: [],
  smart_host: "edge.signet.example",
  missing: ["domain", "certificate"],
};
const certificate: CertificateSeen = {
  names: ["signet.contoso.com"],
  issuer: "Public CA",
  not_after: "2027-02-01T00:00:00Z",
  chain: 2,
  accepted_name: "signet.contoso.com",
  remarks: [],
};
const proven: Partial<ConnectionNow> = { domains: ["contoso.com"], missing: ["certificate"] };
const consented: Partial<ConnectionNow> = { ...proven, consented: "2026-11-20T00:00:00Z" };
const ready: Partial<ConnectionNow> = { ...consented, certificate, missing: [] };
const running: Partial<ConnectionNow> = { ...ready, last_mail: "2026-11-22T11:00:00Z" };

const checks = (...outcomes: MailFlowChecks["checks"][number]["outcome"][]): MailFlowChecks => ({
  checked: "2026-11-22T12:00:00Z",
  checks: outcomes.map((outcome) => ({ check: "spf", subject: "", outcome, found: "" })),
});

/** The state of each step, in order. */
const states = (connection: Partial<ConnectionNow>, known: Partial<Known> = {}) =>
  stepsOf({ connection: { ...nothing, ...connection }, now, ...known })
    .map(({ state }) => state)
    .join(" ");

describe("how the steps stand", () => {
  it.each<[string, Partial<ConnectionNow>, Partial<Known>, string]>([
    ["nothing is done", {}, {}, "next blocked blocked blocked blocked blocked"],
    ["a domain is proven", proven, {}, "done next open blocked blocked open"],
    ["the directory can wait", proven, { withoutDirectory: true }, "done open next blocked blocked open"],
    ["there is no application", { ...proven, application: false }, {}, "done unavailable next blocked blocked open"],
    ["consent is given", consented, {}, "done done next blocked blocked open"],
    ["the certificate is there", ready, {}, "done done done next open open"],
    ["the certificate came without consent", { ...ready, consented: null }, {}, "done open done next open open"],
    ["a message came", running, {}, "done done done done done next"],
    ["all is good", running, { checks: checks("good", "warning", "unknown") }, "done done done done done done"],
    ["a check failed", running, { checks: checks("good", "failed") }, "done done done done done attention"],
    ["the consent was taken back", running, { standing: "not_authorised" }, "done attention done done done next"],
    [
      "there is no application from the start",
      { application: false },
      {},
      "unavailable unavailable blocked blocked blocked blocked",
    ],
  ])("%s", (_, connection, known, expected) => {
    expect(states(connection, known)).toBe(expected);
  });

  it.each<[string, Partial<CertificateSeen>, string]>([
    ["is over", { not_after: "2026-11-22T11:00:00Z", remarks: ["It has expired."] }, "next open"],
    ["has no name that Microsoft would know", { accepted_name: null }, "next open"],
    ["has a remark", { remarks: ["The chain is short."] }, "attention next"],
  ])("a certificate that %s", (_, more, expected) => {
    const steps = states({ ...ready, certificate: { ...certificate, ...more } }).split(" ");
    expect(steps.slice(2, 4).join(" ")).toBe(expected);
  });

  it("names what a blocked step waits for", () => {
    const steps = stepsOf({ connection: nothing, now });
    expect(steps.find(({ name }) => name === "exchange")?.needs).toEqual(["domain", "certificate"]);
    expect(steps.find(({ name }) => name === "consent")?.needs).toEqual(["domain"]);
  });
});
