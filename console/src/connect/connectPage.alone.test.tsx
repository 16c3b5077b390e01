import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";
import { consentAsked } from "./consentAsked";
import { leaveFor } from "./leave";
import type { CertificateSeen, ConnectionNow } from "./queries";

vi.mock("./leave", () => ({ leaveFor: vi.fn() }));

const OF = "/tenants/contoso/connection";
const NEW: ConnectionNow = {
  application: true,
  domains: [],
  smart_host: "edge.signet.example",
  missing: ["domain", "certificate"],
};
const PROVEN: ConnectionNow = { ...NEW, domains: ["contoso.com"], missing: ["certificate"] };
const certificate: CertificateSeen = {
  names: ["signet.contoso.com"],
  issuer: "Public CA",
  not_after: "2036-02-01T00:00:00Z",
  chain: 2,
  accepted_name: "signet.contoso.com",
  remarks: [],
};
const READY: ConnectionNow = { ...PROVEN, consented: "2026-11-20T00:00:00Z", certificate, missing: [] };
const RUNNING: ConnectionNow = { ...READY, last_mail: "2026-11-22T11:00:00Z" };
const proof = {
  domain: "contoso.com",
  kind: "TXT",
  record_name: "_signet.contoso.com",
  record_value: "signet-domain=1",
};
const link = "https://login.microsoftonline.com/organizations/adminconsent?state=word";

type Answers = Parameters<typeof fakeServer>[0];

/** A server whose connection is what `now.connection` says. */
function server(
  connection: ConnectionNow,
  more: Answers = {},
  scopes = ["tenant:write", "mode:write", "decisions:read"],
) {
  const now = { connection };
  const asked = fakeServer({
    "GET /session": sessionWith("tenant:read", ...scopes),
    [`GET ${OF}`]: () => ({ body: now.connection }),
    [`GET ${OF}/domains`]: { body: { domains: [] } },
    [`GET ${OF}/checks`]: { body: { checked: "2026-11-22T12:00:00Z", checks: [] } },
    [`GET ${OF}/script`]: { body: { file_name: "Connect-Signet.ps1", script: "New-OutboundConnector" } },
    [`GET ${OF}/removal`]: { body: { file_name: "Disconnect-Signet.ps1", script: "Remove-TransportRule" } },
    "GET /tenants/contoso/directory": { body: {} },
    "GET /tenants/contoso/mode": { body: { mode: "observe" }, headers: { ETag: '"7"' } },
    ...more,
  });
  return { asked, now };
}

const head = (title: RegExp) => screen.findByRole("button", { name: title });
const asksFor = (asked: ReturnType<typeof server>["asked"], what: string) => asked.filter((one) => one.what === what);
const textOf = (element: Element | null | undefined) => element?.textContent ?? "";

afterEach(() => {
  localStorage.clear();
  vi.mocked(leaveFor).mockClear();
});

describe("the domain", () => {
  it("is proven by a record, and the next step opens", async () => {
    const { asked, now } = server(NEW, {
      [`GET ${OF}/proof`]: { body: proof },
      [`POST ${OF}/domains`]: () => {
        now.connection = PROVEN;
        return { body: { revision: 8, dry_run: false } };
      },
    });
    showPage("/t/contoso/connect");
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText("A domain of your e-mail addresses"), "Ada@Contoso.com{Enter}");
    expect(await screen.findByText("_signet.contoso.com")).toBeTruthy();
    expect(screen.getByText("signet-domain=1")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Copy the value" }));
    expect(await navigator.clipboard.readText()).toBe("signet-domain=1");

    await user.click(screen.getByRole("button", { name: "Check now" }));
    const consent = await head(/^Next: Directory at Microsoft/);
    await waitFor(() => expect(consent.getAttribute("aria-expanded")).toBe("true"));
    expect(asksFor(asked, `POST ${OF}/domains`)[0]?.body).toEqual({ domain: "contoso.com" });
    expect(await head(/^Done: Your domain contoso.com/)).toBeTruthy();
  });

  it("says what was found instead of the record", async () => {
    server(NEW, {
      [`GET ${OF}/proof`]: { body: proof },
      [`POST ${OF}/domains`]: problem("invalid", 422, "There is no TXT record at _signet.contoso.com."),
    });
    showPage("/t/contoso/connect");
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText("A domain of your e-mail addresses"), "contoso.com{Enter}");
    await user.click(await screen.findByRole("button", { name: "Check now" }));
    expect(textOf(await screen.findByRole("alert"))).toContain("There is no TXT record");
    expect(screen.getByRole("button", { name: "Check now" })).toBeTruthy();
  });

  it("asks where mail goes back to only where that cannot be found", async () => {
    const refusal = { ...(problem("invalid", 422, "It could not be found out.").body as object), place: "/next_hop" };
    const { asked } = server(NEW, {
      [`GET ${OF}/proof`]: { body: proof },
      [`POST ${OF}/domains`]: { status: 422, body: refusal },
    });
    showPage("/t/contoso/connect");
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText("A domain of your e-mail addresses"), "contoso.com{Enter}");
    const check = await screen.findByRole("button", { name: "Check now" });
    expect(screen.queryByLabelText("Where Microsoft 365 takes mail for it")).toBeNull();
    await user.click(check);
    const host = await screen.findByLabelText("Where Microsoft 365 takes mail for it");
    await user.type(host, "c.mail.protection.outlook.com");
    await user.click(screen.getByRole("button", { name: "Check now" }));
    await waitFor(() =>
      expect(asksFor(asked, `POST ${OF}/domains`).map(({ body }) => body)).toEqual([
        { domain: "contoso.com" },
        { domain: "contoso.com", next_hop: "c.mail.protection.outlook.com" },
      ]),
    );
  });

  it("asks the server for nothing that is no domain", async () => {
    const { asked } = server(NEW);
    showPage("/t/contoso/connect");
    await userEvent.type(await screen.findByLabelText("A domain of your e-mail addresses"), "contoso{Enter}");
    expect(await screen.findByText("Enter a domain, such as contoso.com.")).toBeTruthy();
    expect(asksFor(asked, `GET ${OF}/proof`)).toEqual([]);
  });

  it("is taken by a click where Microsoft knows it, and only where mail goes to it", async () => {
    const more = { initial: false, default: false };
    const domain = (name: string, mail: boolean, taken: boolean) => ({ name, mail, taken, ...more });
    const { asked } = server(READY, {
      [`GET ${OF}/domains`]: {
        body: {
          domains: [
            domain("contoso.com", true, true),
            domain("contoso.example", true, false),
            domain("intranet.contoso.com", false, false),
          ],
        },
      },
      [`POST ${OF}/domains`]: { body: { revision: 8, dry_run: false } },
    });
    showPage("/t/contoso/connect");
    await userEvent.click(await head(/^Done: Your domain/));
    await userEvent.click(await screen.findByRole("button", { name: "contoso.example" }));
    await waitFor(() => expect(asksFor(asked, `POST ${OF}/domains`)[0]?.body).toEqual({ domain: "contoso.example" }));
    expect(screen.queryByRole("button", { name: "intranet.contoso.com" })).toBeNull();
    expect(screen.queryByRole("button", { name: "contoso.com" })).toBeNull();
  });
});

describe("the consent", () => {
  it("sets the directory up first, remembers whose request it is, and leaves for Microsoft", async () => {
    const { asked } = server(PROVEN, {
      "PUT /tenants/contoso/directory": { body: { revision: 8, dry_run: false } },
      "POST /tenants/contoso/directory/consent": { body: { link, dry_run: false } },
    });
    showPage("/t/contoso/connect");
    await userEvent.click(await screen.findByRole("button", { name: "Consent at Microsoft" }));
    await waitFor(() => expect(vi.mocked(leaveFor).mock.calls[0]?.[0]).toBe(link));
    expect(asked.map(({ what }) => what).filter((what) => !what.startsWith("GET"))).toEqual([
      "PUT /tenants/contoso/directory",
      "POST /tenants/contoso/directory/consent",
    ]);
    expect(consentAsked("?state=word")?.tenant).toBe("contoso");
  });

  it("leaves a directory alone that is set up, and stays where there is no way to Microsoft", async () => {
    const { asked } = server(PROVEN, {
      "GET /tenants/contoso/directory": { body: { settings: { only_group: "g" } } },
      "POST /tenants/contoso/directory/consent": problem("unavailable", 503, "The application cannot be used."),
    });
    showPage("/t/contoso/connect");
    await userEvent.click(await screen.findByRole("button", { name: "Consent at Microsoft" }));
    expect(textOf(await screen.findByRole("alert"))).toContain("The application cannot be used.");
    expect(asksFor(asked, "PUT /tenants/contoso/directory")).toEqual([]);
    expect(leaveFor).not.toHaveBeenCalled();
  });

  it("can be left out", async () => {
    server(PROVEN);
    showPage("/t/contoso/connect");
    await userEvent.click(await screen.findByRole("button", { name: "Go on without it" }));
    const next = await head(/^Next: Certificate/);
    expect(next.getAttribute("aria-expanded")).toBe("true");
    expect(document.activeElement).toBe(next);
  });
});

describe("the certificate", () => {
  const pem = (kind: string, text: string) => `-----BEGIN ${kind}-----\n${text}\n-----END ${kind}-----\n`;
  const file = (name: string, text: string) => new File([text], name);

  it("is taken from files, sorted by what is in them", async () => {
    const { asked, now } = server({ ...PROVEN, consented: READY.consented }, {
      [`PUT ${OF}/certificate`]: () => {
        now.connection = READY;
        return { body: certificate };
      },
    });
    showPage("/t/contoso/connect");
    const input = await screen.findByLabelText("Certificate and key");
    const files = [file("privkey.pem", pem("PRIVATE KEY", "a2V5")), file("chain.crt", pem("CERTIFICATE", "bGVhZg=="))];
    fireEvent.change(input, { target: { files } });
    await waitFor(() =>
      expect(screen.getByLabelText<HTMLTextAreaElement>("Private key").value).toBe(pem("PRIVATE KEY", "a2V5")),
    );
    await userEvent.click(screen.getByRole("button", { name: "Check and use it" }));
    expect(await head(/^Next: Connectors and rules/)).toBeTruthy();
    expect(asksFor(asked, `PUT ${OF}/certificate`)[0]?.body).toEqual({
      chain: pem("CERTIFICATE", "bGVhZg=="),
      key: pem("PRIVATE KEY", "a2V5"),
    });
  });

  it("says at the key what is wrong with the key, and that a file is no text", async () => {
    server({ ...PROVEN, consented: READY.consented }, {
      [`PUT ${OF}/certificate`]: {
        status: 422,
        body: {
          type: "urn:signet:problem:invalid",
          title: "invalid",
          status: 422,
          detail: "The key does not belong to the certificate.",
          place: "/key",
        },
      },
    });
    showPage("/t/contoso/connect");
    const input = await screen.findByLabelText("Certificate and key");
    fireEvent.change(input, { target: { files: [file("signet.pfx", "\u0000\u0001")] } });
    expect(textOf(await screen.findByRole("alert"))).toContain("signet.pfx: there is no certificate");
    const user = userEvent.setup();
    await user.type(screen.getByLabelText("Certificate, then the chain"), "chain");
    await user.type(screen.getByLabelText("Private key"), "key");
    await user.click(screen.getByRole("button", { name: "Check and use it" }));
    const field = (await screen.findByText("The key does not belong to the certificate.")).closest(".fui-Field");
    expect(within(field as HTMLElement).getByLabelText("Private key")).toBeTruthy();
  });
});

describe("connectors and rules", () => {
  it("come as a script for everybody, or for a group once its address is whole", async () => {
    const { asked } = server(READY);
    const sought = () => asksFor(asked, `GET ${OF}/script`).map(({ query }) => query);
    showPage("/t/contoso/connect");
    expect(textOf(await screen.findByRole("region", { name: "Connect-Signet.ps1" }))).toBe("New-OutboundConnector");
    const user = userEvent.setup();
    await user.click(screen.getByRole("radio", { name: /pilot group/ }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Connect-Signet.ps1" })).toBeNull());
    await user.type(screen.getByLabelText("Address of the group"), "pilot@contoso.com");
    expect(await screen.findByRole("region", { name: "Connect-Signet.ps1" })).toBeTruthy();
    expect(sought()).toEqual(["", "pilot_group=pilot%40contoso.com"]);
    await user.click(screen.getByRole("button", { name: "I have run it" }));
    expect(await screen.findByText("Waiting for the first message …")).toBeTruthy();
  });

  it("wait for what is missing, and lead there", async () => {
    server({ ...PROVEN, consented: READY.consented });
    showPage("/t/contoso/connect");
    await userEvent.click(await head(/^Later: Connectors and rules/));
    await userEvent.click(screen.getByRole("button", { name: "Go to “Certificate”" }));
    expect((await head(/^Next: Certificate/)).getAttribute("aria-expanded")).toBe("true");
  });
});

describe("the first message", () => {
  it("is waited for, and then it is said what became of it and why", async () => {
    const { now } = server(READY, {
      "GET /tenants/contoso/decisions": {
        body: {
          decisions: [
            {
              id: "1",
              time: "2026-11-22T11:00:00Z",
              sender: "ada@contoso.com",
              recipients: ["bob@fabrikam.example"],
              legs: [{ reason: "observe", would_be: ["standard"] }],
            },
          ],
        },
      },
    });
    showPage("/t/contoso/connect");
    await userEvent.click(await head(/^To do: A first message/));
    expect(await screen.findByText("Waiting for the first message …")).toBeTruthy();
    now.connection = RUNNING;
    expect(await screen.findByText("ada@contoso.com to bob@fabrikam.example")).toBeTruthy();
    expect(screen.getByText("The mode is observe: nothing is changed. It would have got standard.")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Microsoft 365 is connected" })).toBeTruthy();
    expect(await head(/^Done: Connectors and rules/)).toBeTruthy();
  });
});

describe("the checks", () => {
  const checks = [
    { check: "dkim", subject: "contoso.com", outcome: "good", found: "Microsoft signs." },
    {
      check: "spf",
      subject: "contoso.com",
      outcome: "failed",
      found: "There is no record.",
      advice: 'contoso.com TXT "v=spf1 include:spf.protection.outlook.com -all"',
    },
  ];

  it("are made of a connected tenant at once, with what to copy, and again when told to", async () => {
    const { asked } = server(RUNNING, {
      [`GET ${OF}/checks`]: { body: { checked: "2026-11-22T12:00:00Z", checks } },
    });
    showPage("/t/contoso/connect");
    expect(await screen.findByText("There is no record.")).toBeTruthy();
    const signs = screen.getAllByRole("img", { name: /^(Failed|Good)$/ });
    expect(signs.map((sign) => sign.getAttribute("aria-label"))).toEqual(["Failed", "Good"]);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Copy the value" }));
    expect(await navigator.clipboard.readText()).toBe("v=spf1 include:spf.protection.outlook.com -all");
    expect(await head(/^Needs attention: Checks 1 needs a look/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Check again" }));
    await waitFor(() => expect(asksFor(asked, `GET ${OF}/checks`)).toHaveLength(2));
  });
});

describe("leaving", () => {
  it("begins with the mode, then shows the script", async () => {
    const { asked } = server(RUNNING);
    showPage("/t/contoso/connect");
    await userEvent.click(await screen.findByRole("button", { name: "Disconnect …" }));
    expect(await screen.findByRole("region", { name: "Disconnect-Signet.ps1" })).toBeTruthy();
    const way = screen.getByText(/^Set the mode to bypass/).closest("li")!;
    expect(within(way).getByRole("button", { name: "Mode: Observe. Change it" })).toBeTruthy();
    expect(asked.every(({ what }) => what.startsWith("GET"))).toBe(true);
  });
});

it("shows how things stand, and nothing to change, to who may only look", async () => {
  const { asked } = server({ ...READY, consented: null, application: false }, {}, []);
  showPage("/t/contoso/connect");
  expect(await screen.findByText(/An owner or an administrator of your team makes and runs the script/)).toBeTruthy();
  await userEvent.click(await head(/^Done: Your domain/));
  expect(screen.queryByRole("button", { name: "Remove contoso.com" })).toBeNull();
  expect(screen.queryByLabelText("Another domain")).toBeNull();
  await userEvent.click(await head(/^Done: Certificate/));
  expect(screen.getByText("Public CA")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Replace it" })).toBeNull();
  await userEvent.click(await head(/^Not available: Directory/));
  expect(screen.getByText(/has set up no application/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Disconnect …" })).toBeNull();
  expect(asksFor(asked, `GET ${OF}/script`)).toEqual([]);
});
