/** Tests that put something in the place of a module have it to themselves (`vite.config.ts`). */
import { expect, it } from "vitest";

const files = import.meta.glob<string>("../**/*.test.{ts,tsx}", { query: "?raw", import: "default", eager: true });

it("says by their names which files replace modules", () => {
  const replaces = Object.keys(files).filter((name) => /^vi\.(do)?mock\(/im.test(files[name] ?? ""));
  expect(replaces.length).toBeGreaterThan(0);
  expect(replaces.filter((name) => !name.endsWith(".alone.test.tsx"))).toEqual([]);
});
