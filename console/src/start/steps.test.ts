import { describe, expect, it } from "vitest";
import type { SignatureEntry } from "../api/tenant";
import type { Decision } from "../mail/outcome";
import { stepsOf, type Known } from "./steps";

const nothing: Known = {
  decisions: [],
  mailCame: false,
  someone: false,
  signatures: [],
  folders: [],
  mode: { mode: "observe" },
};
const decision = (legs: unknown) => ({ legs }) as Decision;
const signature = (more: Partial<SignatureEntry>): SignatureEntry => ({
  id: "a",
  design: { version: 1, blocks: [] },
  ...more,
});
const done = (known: Partial<Known>) =>
  stepsOf({ ...nothing, ...known }).flatMap((step) => (step.done ? [step.name] : []));

describe("the steps of setting up", () => {
  it.each<[string, Partial<Known>, string[]]>([
    ["nothing", {}, []],
    ["a message came", { decisions: [decision([{ reason: "observe" }])] }, ["connect"]],
    ["a message came of which no record is kept", { mailCame: true }, ["connect"]],
    ["somebody is known", { someone: true }, ["directory"]],
    ["a signature is switched off", { signatures: [signature({ enabled: false })] }, []],
    ["a signature is used", { signatures: [signature({ enabled: true })] }, ["signature"]],
    [
      "its folder is switched off",
      { signatures: [signature({ enabled: true, folder: "f" })], folders: [{ id: "f", enabled: false }] },
      [],
    ],
    ["a message was signed", { decisions: [decision([{ signatures: ["a"] }])] }, ["connect", "test"]],
    ["live without signatures", { mode: { mode: "live" } }, []],
    ["live", { mode: { mode: "live" }, signatures: [signature({ enabled: true })] }, ["signature", "test", "live"]],
    [
      "a pilot",
      { mode: { mode: { pilot: { people: ["ada"] } } }, signatures: [signature({ enabled: true })] },
      ["signature"],
    ],
    ["nobody says whether mail came", { decisions: null, someone: true }, ["directory"]],
  ])("%s", (_, known, names) => {
    expect(done(known)).toEqual(names);
  });

  it("leaves out what one cannot know", () => {
    expect(stepsOf({ ...nothing, decisions: null }).map(({ name }) => name)).not.toContain("connect");
  });
});
