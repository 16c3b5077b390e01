import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { addressNow, showPage } from "../testing/page";
import { sessionWith } from "../testing/session";
import { rememberConsent } from "./consentAsked";

const PUT = "PUT /tenants/contoso/directory/consent";
const GIVEN = "?admin_consent=True&tenant=bf24ff3e-1111-4000-8000-000000000001&state=word";
const REFUSED = "?error=permission_denied&error_description=The+admin+canceled+the+request&state=word";

const LINK = "https://login.microsoftonline.com/organizations/adminconsent?state=word";

const asked = () => rememberConsent(LINK, "contoso");

/** A server that gives these answers to the consent, one after the other. */
function server(...answers: ReturnType<typeof problem>[]) {
  return fakeServer({
    "GET /session": sessionWith("tenant:read", "tenant:write"),
    [PUT]: () => answers.shift() ?? { status: 204 },
  });
}

const handedOver = (requests: ReturnType<typeof server>) =>
  requests
    .filter(({ what }) => what === PUT)
    .map(({ body }) => new URLSearchParams((body as { answer: string }).answer));

afterEach(() => localStorage.clear());

describe("back from Microsoft", () => {
  it("hands the answer over for the tenant that asked, and goes on", async () => {
    asked();
    const requests = server();
    showPage(`/consent${GIVEN}`);
    expect(await screen.findByRole("heading", { name: "The consent is there" })).toBeTruthy();
    await userEvent.click(screen.getByRole("link", { name: "Go on" }));
    expect(await screen.findByRole("heading", { name: "Connect Microsoft 365" })).toBeTruthy();
    expect(addressNow()).toBe("/t/contoso/connect");
    const [answer, ...more] = handedOver(requests);
    expect(more).toEqual([]);
    expect(Object.fromEntries(answer!)).toEqual(Object.fromEntries(new URLSearchParams(GIVEN)));
  });

  it("does not give an answer twice when it is loaded again", async () => {
    asked();
    const requests = server();
    const there = () => screen.findByRole("heading", { name: "The consent is there" });
    const first = showPage(`/consent${GIVEN}`);
    expect(await there()).toBeTruthy();
    first.unmount();
    showPage(`/consent${GIVEN}`);
    expect(await there()).toBeTruthy();
    expect(handedOver(requests)).toHaveLength(1);
  });

  it.each([
    ["Microsoft has no time", problem("unavailable", 503, "Microsoft did not say whether consent was given.")],
    ["the consent is on its way", problem("not_yet", 409, "Microsoft does not let us read the directory (x).")],
  ])("lets the same answer be given again when %s", async (_, refusal) => {
    asked();
    const requests = server(refusal);
    showPage(`/consent${GIVEN}`);
    expect(await screen.findByRole("heading", { name: "The consent is not there yet" })).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain((refusal.body as { detail: string }).detail);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "The consent is there" })).toBeTruthy();
    expect(handedOver(requests).map(String)).toEqual(Array(2).fill(handedOver(requests)[0]!.toString()));
  });

  it("says that an answer is too old, and offers no further try", async () => {
    asked();
    server(problem("gone", 410, "this is no answer to a request of ours"));
    showPage(`/consent${GIVEN}`);
    expect(await screen.findByRole("heading", { name: "This answer counts no more" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("says that consent was refused, and leads back", async () => {
    asked();
    server(problem("invalid", 422, "consent was not given (permission_denied)"));
    showPage(`/consent${REFUSED}`);
    expect(await screen.findByRole("heading", { name: "Consent was not given" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    const back = screen.getByRole("link", { name: "Back to the connection" });
    expect(back.getAttribute("href")).toBe("/t/contoso/connect");
  });

  it.each([GIVEN, REFUSED, ""])("hands nothing over that this browser did not ask for: %s", async (search) => {
    const requests = server();
    showPage(`/consent${search}`);
    expect(await screen.findByRole("link", { name: "Go to Signet" })).toBeTruthy();
    expect(requests).toEqual([]);
  });
});
