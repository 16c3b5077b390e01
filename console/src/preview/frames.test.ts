/** What others have written is shown in frames without any right: no script, no form, no window, no origin of ours. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".tsx"))
  .map((name) => ({ name, text: readFileSync(join("src", name), "utf8") }));

const frames = sources.flatMap(({ name, text }) =>
  [...text.matchAll(/<iframe\b[^]*?\/>/g)].map(([frame]) => ({ name, frame })),
);

test("there are frames, and each was found whole", () => {
  const begun = sources.flatMap(({ text }) => [...text.matchAll(/<iframe\b|createElement\("iframe"/g)]);
  expect(frames.length).toBeGreaterThan(3);
  expect(frames.length).toBe(begun.length);
});

test.each(frames)("a frame of $name has no rights and shows no other page", ({ frame }) => {
  expect(frame).toMatch(/\ssandbox=""\s/);
  expect(frame).toMatch(/\ssrcDoc=\{/);
  expect(frame).not.toMatch(/\s(src|allow)=|\{\.\.\./);
});
