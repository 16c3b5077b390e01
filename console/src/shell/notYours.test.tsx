import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

describe("a page that one's role does not open", () => {
  it.each(["/audit", "/mail", "/team", "/templates", "/import", "/directory"])("%s says whom to ask, and asks for nothing", async (page) => {
    const asked = fakeServer({ "GET /session": sessionWith("tenant:read", "signatures:read") });
    showPage(`/t/contoso${page}`);
    expect(await screen.findByRole("heading", { name: "This page is not open to you" })).toBeTruthy();
    expect(screen.getByText(/Ask an owner of Contoso/)).toBeTruthy();
    const ofPage = /members|audit|decisions|people|templates/;
    expect(asked.filter(({ what }) => ofPage.test(what))).toEqual([]);
  });
});
