import { expect, it } from "vitest";
import { scriptFile } from "./saveScript";

it("marks a script as UTF-8, which Windows PowerShell would not know otherwise", async () => {
  const octets = new Uint8Array(await scriptFile("# Bäckerei").arrayBuffer());
  expect([...octets.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder().decode(octets)).toBe("# Bäckerei");
});
