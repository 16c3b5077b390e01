/** A draft comes back, and never silently over what somebody else has published. */
import { beforeEach, describe, expect, it, test } from "vitest";
import type { SignatureEntry } from "../design/types";
import { fateOf, forgetDraft, loadDraft, saveDraft } from "./draft";

function entry(name: string, more: Partial<SignatureEntry> = {}): SignatureEntry {
  return {
    id: "a",
    name,
    enabled: false,
    place: "reply",
    images: "hosted",
    then_continue: false,
    applies: { senders: {}, recipients: "any", except: {}, schedule: null },
    design: { version: 1, blocks: [] },
    ...more,
  };
}

beforeEach(() => localStorage.clear());

test("a draft comes back to its signature and its tenant alone, until it is forgotten", () => {
  expect(saveDraft(localStorage, "t", { entry: entry("new"), base: entry("old") })).toBe(true);
  expect(loadDraft(localStorage, "t", "a")).toMatchObject({ entry: { name: "new" }, base: { name: "old" } });
  expect(loadDraft(localStorage, "u", "a")).toBeNull();
  expect(loadDraft(localStorage, "t", "b")).toBeNull();
  forgetDraft(localStorage, "t", "a");
  expect(loadDraft(localStorage, "t", "a")).toBeNull();
});

it.each(["{", "null", "[]", '{"entry":{}}', '{"entry":{"design":{"blocks":[]}}}'])("%s is no draft", (text) => {
  localStorage.setItem("signet.draft.t.a", text);
  expect(loadDraft(localStorage, "t", "a")).toBeNull();
});

test("a browser without room says so", () => {
  const full = {
    ...localStorage,
    setItem: () => {
      throw new DOMException("", "QuotaExceededError");
    },
  };
  expect(saveDraft(full as never, "t", { entry: entry("new"), base: entry("old") })).toBe(false);
});

describe("the fate of a draft", () => {
  const draft = (name: string, base: SignatureEntry) => ({ entry: entry(name), base, saved: "" });
  it.each([
    ["none is there", null, "old", "none"],
    ["it says what is published", draft("old", entry("older")), "old", "none"],
    ["nobody published meanwhile", draft("new", entry("old")), "old", "resume"],
    ["somebody published meanwhile", draft("new", entry("older")), "old", "outdated"],
    ["it was only switched on meanwhile", draft("new", entry("old", { enabled: true })), "old", "resume"],
  ] as const)("%s", (_, found, published, fate) => expect(fateOf(found, entry(published))).toBe(fate));

  test("the order of keys says nothing", () => {
    const { name, ...rest } = entry("old");
    expect(fateOf(draft("new", { ...rest, name } as SignatureEntry), entry("old"))).toBe("resume");
  });
});
