import { describe, expect, it } from "vitest";
import { parsedInspection } from "./parsedInspection";

const FOUND = { outbound: [], inbound: [{ RequireTls: ["True"] }], rules: [] };

describe("what the inspection wrote", () => {
  it.each([
    ["as it is", JSON.stringify(FOUND)],
    ["with a byte order mark", `\ufeff${JSON.stringify(FOUND, null, 2)}\r\n`],
    ["with the prompt of PowerShell around it", `PS C:\\> ./Inspect-Signet.ps1\n${JSON.stringify(FOUND)}\nPS C:\\>`],
  ])("is read %s", (_, written) => {
    expect(parsedInspection(written)).toEqual(FOUND);
  });

  it.each(["", "{", "}{", "PS C:\\>", "{}", "[]", '{"outbound": []', '{"rules": []}'])("is not %j", (written) => {
    expect(parsedInspection(written)).toBeNull();
  });
});
