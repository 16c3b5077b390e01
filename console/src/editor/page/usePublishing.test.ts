/** Publishing overwrites nobody, and is not held up by changes that have nothing to do with the signature. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { SignatureEntry } from "../design/types";
import { Overtaken, publish } from "./usePublishing";

const entry = (name: string) => ({ id: "a", name, design: { version: 1, blocks: [] } }) as unknown as SignatureEntry;

/** A tenant with one signature, as the API serves it. */
let tenant: { entry: SignatureEntry; revision: number };
let asked: string[];

beforeEach(() => {
  tenant = { entry: entry("old"), revision: 7 };
  asked = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(`${request.method} ${request.headers.get("If-Match") ?? ""}`.trim());
    const headers = () => ({ ETag: `"${tenant.revision}"`, "Content-Type": "application/json" });
    if (request.method === "GET") return new Response(JSON.stringify(tenant.entry), { headers: headers() });
    if (request.headers.get("If-Match") !== `"${tenant.revision}"`) {
      const problem = { type: "urn:signet:problem:outdated", title: "", status: 412, detail: "changed" };
      return new Response(JSON.stringify(problem), {
        status: 412,
        headers: { "Content-Type": "application/problem+json" },
      });
    }
    tenant = { entry: (await request.json()) as SignatureEntry, revision: tenant.revision + 1 };
    return new Response(JSON.stringify({ revision: tenant.revision, dry_run: false }), { headers: headers() });
  });
});

describe("publishing", () => {
  test("puts the draft at the revision that was seen", async () => {
    const published = await publish("t", entry("new"), { entry: entry("old"), revision: '"7"' });
    expect(published).toEqual({ entry: entry("new"), revision: '"8"' });
    expect(tenant.entry).toEqual(entry("new"));
    expect(asked).toEqual(['PUT "7"']);
  });

  test("goes on when something else of the tenant has changed", async () => {
    tenant.revision = 9;
    const published = await publish("t", entry("new"), { entry: entry("old"), revision: '"7"' });
    expect(published.revision).toBe('"10"');
    expect(asked).toEqual(['PUT "7"', "GET", 'PUT "9"']);
  });

  test("overwrites nobody", async () => {
    tenant = { entry: entry("theirs"), revision: 9 };
    const attempt = publish("t", entry("new"), { entry: entry("old"), revision: '"7"' });
    await expect(attempt).rejects.toThrow(Overtaken);
    await expect(attempt).rejects.toMatchObject({ theirs: { entry: { name: "theirs" }, revision: '"9"' } });
    expect(tenant.entry).toEqual(entry("theirs"));
  });
});
