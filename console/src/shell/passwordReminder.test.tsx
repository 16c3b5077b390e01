import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

const DAY = 24 * 60 * 60 * 1000;
const START = new Date("2026-03-01T12:00:00Z").getTime();

const answers = (due: boolean) => {
  const session = sessionWith();
  return { "GET /session": { body: { ...session.body, password_reminder: due, password_reminder_days: 120 } } };
};

const showHome = async () => {
  const { unmount } = showPage("/t/contoso/team");
  await screen.findByRole("main");
  return unmount;
};

describe("the reminder of a new password", () => {
  beforeEach(() => vi.setSystemTime(START));
  afterEach(() => {
    vi.useRealTimers();
    localStorage.clear();
  });

  it("is there after as many days as the operator says, can be put off for a week, and comes again", async () => {
    fakeServer(answers(true));
    let leave = await showHome();
    expect(await screen.findByText(/older than 120 days/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Remind me later" }));
    expect(screen.queryByText(/older than/)).toBeNull();
    leave();
    vi.setSystemTime(START + 6 * DAY);
    leave = await showHome();
    expect(screen.queryByText(/older than/)).toBeNull();
    leave();
    vi.setSystemTime(START + 8 * DAY);
    await showHome();
    expect(await screen.findByText(/older than 120 days/)).toBeTruthy();
  });

  it("is not there while the password is young", async () => {
    fakeServer(answers(false));
    await showHome();
    expect(screen.queryByText(/older than/)).toBeNull();
  });
});
