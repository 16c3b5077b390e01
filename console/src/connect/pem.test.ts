import { describe, expect, it } from "vitest";
import { pemIn, withFiles } from "./pem";

const block = (kind: string, text: string) => `-----BEGIN ${kind}-----\n${text}\n-----END ${kind}-----\n`;
const leaf = block("CERTIFICATE", "bGVhZg==");
const issuer = block("CERTIFICATE", "aXNzdWVy");
const key = block("PRIVATE KEY", "a2V5");

describe("what is in a PEM file", () => {
  it.each([
    ["a chain", leaf + issuer, leaf + issuer, ""],
    ["a key", key, "", key],
    ["an RSA key", block("RSA PRIVATE KEY", "a2V5"), "", block("RSA PRIVATE KEY", "a2V5")],
    ["an encrypted key", block("ENCRYPTED PRIVATE KEY", "a2V5"), "", block("ENCRYPTED PRIVATE KEY", "a2V5")],
    ["all in one, with words between", `subject=x\n${key}\nissuer=y\n${leaf}${issuer}`, leaf + issuer, key],
    ["line ends of Windows", (leaf + key).replaceAll("\n", "\r\n"), leaf, key],
    ["parameters", block("EC PARAMETERS", "cA=="), "", ""],
    ["half a certificate", leaf.slice(0, 40), "", ""],
    ["something else", "MIIC", "", ""],
  ])("%s", (_, text, chain, own) => {
    expect(pemIn(text)).toEqual({ chain, key: own });
  });
});

describe("files that were chosen", () => {
  it("come together, and leave what none of them brings", () => {
    expect(withFiles({ chain: "", key: "" }, [leaf, issuer, key])).toEqual({ chain: leaf + issuer, key });
    expect(withFiles({ chain: leaf, key: "" }, [key])).toEqual({ chain: leaf, key });
    expect(withFiles({ chain: leaf, key }, ["x"])).toEqual({ chain: leaf, key });
  });
});
