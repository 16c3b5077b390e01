/** A draft reaches the server in the end, and never goes over one that was not seen. */
import { beforeEach, describe, expect, it, test, vi } from "vitest";
import { fakeServer, problem } from "../../testing/fakeServer";
import type { SignatureEntry } from "../design/types";
import { loadDraft } from "./draft";
import { DraftKeeper, type Kept } from "./draftKeeper";

const DRAFT = "/tenants/t/signatures/a/draft";
const entry = (name: string) => ({ id: "a", name, design: { version: 1, blocks: [] } }) as SignatureEntry;
const wanted = (name: string) => ({ entry: entry(name), base: entry("published"), isNew: false });
const known = (name: string, version: string) => ({
  entry: entry(name),
  base: entry("published"),
  version,
  saved: "2026-11-22T12:00:00Z",
  who: "Bob <bob@contoso.example>",
});

/** A server with at most one draft. */
let there: { name: string; version: number } | null;
let isDown: boolean;
let told: Kept[];

function server() {
  const changed = problem("changed", 412, "It was changed meanwhile.");
  return fakeServer({
    [`GET ${DRAFT}`]: () =>
      there
        ? {
            body: { draft: entry(there.name), time: "2026-11-22T12:00:00Z", who: "Bob" },
            headers: { ETag: `"${there.version}"` },
          }
        : problem("not_found", 404, "There is none."),
    [`PUT ${DRAFT}`]: ({ body, headers }) => {
      if (isDown) throw new TypeError("Failed to fetch");
      const [match, none] = [headers.get("If-Match"), headers.get("If-None-Match")];
      if (there ? match !== `"${there.version}"` : none !== "*") return changed;
      there = { name: (body as { draft: { name: string } }).draft.name, version: (there?.version ?? 6) + 1 };
      return { body: {}, headers: { ETag: `"${there.version}"` } };
    },
    [`DELETE ${DRAFT}`]: ({ headers }) => {
      if (there && headers.get("If-Match") !== `"${there.version}"`) return changed;
      there = null;
      return { status: 204 };
    },
  });
}

const keeper = (draft: ReturnType<typeof known> | null = null, seen?: string | null) =>
  new DraftKeeper({ tenant: "t", signature: "a", mayKeep: true }, draft, seen, (kept) => told.push(kept));

beforeEach(() => {
  localStorage.clear();
  there = null;
  isDown = false;
  told = [];
  server();
});

describe("a draft", () => {
  it("is saved, saved over, and taken away when it is published", async () => {
    const own = keeper();
    await own.keep(wanted("one"));
    await own.keep(wanted("two"));
    expect(there).toEqual({ name: "two", version: 8 });
    expect(told.at(-1)).toMatchObject({ state: "saved" });
    expect(loadDraft(localStorage, "t", "a")).toBeNull();
    await own.drop();
    expect(there).toBeNull();
    expect(told.at(-1)).toEqual({ state: "none" });
  });

  it("ends as what was drawn last, however fast that was", async () => {
    const own = keeper();
    await Promise.all([own.keep(wanted("one")), own.keep(wanted("two")), own.keep(wanted("three"))]);
    expect(there?.name).toBe("three");
  });

  it("is kept in the browser while there is no connection, and saved when it comes back", async () => {
    isDown = true;
    const own = keeper();
    await own.keep(wanted("one"));
    expect(told.at(-1)).toEqual({ state: "offline" });
    expect(loadDraft(localStorage, "t", "a")?.entry.name).toBe("one");
    isDown = false;
    own.retry();
    await vi.waitFor(() => expect(there?.name).toBe("one"));
    await vi.waitFor(() => expect(loadDraft(localStorage, "t", "a")).toBeNull());
  });

  it("goes over nobody's work unseen; one decides", async () => {
    there = { name: "theirs", version: 9 };
    const own = keeper(known("before", '"8"'));
    await own.keep(wanted("mine"));
    const last = told.at(-1);
    if (last?.state !== "conflict") throw new Error(`it is ${last?.state}`);
    expect(last.theirs).toMatchObject({ version: '"9"', entry: { name: "theirs" } });
    expect(there.name).toBe("theirs");
    expect(loadDraft(localStorage, "t", "a")?.entry.name).toBe("mine");
    // Who goes on drawing is not asked at every stroke.
    await own.keep(wanted("mine too"));
    expect(told.filter(({ state }) => state === "conflict")).toHaveLength(1);
    expect(loadDraft(localStorage, "t", "a")?.entry.name).toBe("mine too");
    await own.overwrite(last.theirs);
    expect(there.name).toBe("mine too");
  });

  it("of somebody else stays when one's own is published", async () => {
    there = { name: "theirs", version: 9 };
    await keeper(known("before", '"8"')).drop();
    expect(there.name).toBe("theirs");
  });

  it("that was thrown away meanwhile is begun anew", async () => {
    const own = keeper(known("before", '"8"'));
    await own.keep(wanted("mine"));
    own.retry();
    await vi.waitFor(() => expect(there?.name).toBe("mine"));
  });
});

test("what the browser kept is saved at the version that it was made of", async () => {
  there = { name: "theirs", version: 9 };
  // Somebody else has saved since.
  await keeper(known("theirs", '"9"'), '"8"').keep(wanted("mine"));
  expect(told.at(-1)).toMatchObject({ state: "conflict" });
  await keeper(known("theirs", '"9"'), '"9"').keep(wanted("mine"));
  expect(there.name).toBe("mine");
});

test("who may not keep drafts on the server keeps them in the browser", async () => {
  const own = new DraftKeeper({ tenant: "t", signature: "a", mayKeep: false }, null, undefined, (kept) => told.push(kept));
  await own.keep(wanted("mine"));
  expect(there).toBeNull();
  expect(loadDraft(localStorage, "t", "a")?.entry.name).toBe("mine");
});
