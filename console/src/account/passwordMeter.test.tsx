import { FluentProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { queryClient } from "../app/queries";
import { fakeServer } from "../testing/fakeServer";
import { PasswordMeter } from "./PasswordMeter";

const shown = (password: string, about: string[]) =>
  render(
    <FluentProvider>
      <QueryClientProvider client={queryClient}>
        <PasswordMeter password={password} about={about} />
      </QueryClientProvider>
    </FluentProvider>,
  );

describe("the meter of a new password", () => {
  it("recommends before anything is typed", () => {
    fakeServer({});
    shown("", []);
    for (const word of [/eight characters and more/, /symbols such as \+ @ # \$ £/, /nowhere else/, /birthday, date, name or address/])
      expect(screen.getByText(word)).toBeTruthy();
  });

  it("warns of one's own words and of dates, and refuses nothing for that", async () => {
    const advice = ["It has your name, your address or your company in it.", "It has a date in it."];
    const asked = fakeServer({
      "POST /password/judge": { body: { accepted: true, score: 1, problems: [], advice } },
    });
    shown("Ada1986x", ["Ada", "ada@contoso.example"]);
    for (const line of advice) expect(await screen.findByText(line)).toBeTruthy();
    expect(screen.getByText("It can be used.")).toBeTruthy();
    expect(asked[0]?.body).toEqual({ password: "Ada1986x", about: ["Ada", "ada@contoso.example"] });
  });
});
