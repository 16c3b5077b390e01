import { describe, expect, it } from "vitest";
import { changeOf, shareOf } from "./change";
import { asked, stepInWords } from "./ranges";

describe("numbers against those before", () => {
  it.each([
    [150, 100, 50],
    [50, 100, -50],
    [100, 100, 0],
    [0, 100, -100],
    [7, 0, undefined],
  ])("%d after %d", (now, before, change) => {
    expect(changeOf(now, before)).toBe(change);
  });

  it("tells small shares more exactly", () => {
    expect([shareOf(1, 3, "en"), shareOf(1, 80, "en"), shareOf(0, 0, "en")]).toEqual(["33%", "1.3%", "0%"]);
  });
});

describe("the time of a dashboard", () => {
  it("ends now", () => {
    expect(asked("hour", new Date("2026-11-22T12:00:00.500Z"))).toEqual({ from: "2026-11-22T11:00:00Z", step: 60 });
  });

  it("names days by the server’s clock", () => {
    expect(stepInWords("2026-11-22T00:00:00Z", "month", "en")).toBe("Nov 22");
  });
});
