import { describe, expect, it } from "vitest";
import type { SignUpOpen } from "../api/account";
import { regionNear } from "./regions";

const offer = (here: string | null, ...regions: string[]): SignUpOpen => ({
  open: true,
  here,
  regions: regions.map((id) => ({ id, name: id, sites: [] })),
  password_profile: "strict",
  countries: [
    { code: "NL", region: "eu" },
    { code: "US", region: "us" },
  ],
});

describe("the region that a country proposes", () => {
  it.each<[string, SignUpOpen, string]>([
    ["US", offer("eu", "eu", "us"), "us"],
    ["NL", offer("us", "us", "eu"), "eu"],
    ["US", offer("eu", "eu"), "eu"],
    ["", offer("eu", "eu", "us"), "eu"],
    ["NL", offer(null), ""],
  ])("%s of %j is %j", (country, offered, region) => {
    expect(regionNear(country, offered)).toBe(region);
  });
});
