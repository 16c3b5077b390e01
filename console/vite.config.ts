/**
 * How the console is served while it is being written, and how it is built.
 *
 * `npm run dev` asks the API of a running Signet: `SIGNET_API` says where it is, and `SIGNET_TOKEN`, if it is set, is
 * sent along by this development server alone.
 */
import react from "@vitejs/plugin-react";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const ALONE = "src/**/*.alone.test.tsx";

const token = process.env.SIGNET_TOKEN;

/** Puts a compressed file beside each text file, for the program to send where the browser takes it. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  async writeBundle({ dir = "dist" }) {
    const files = (await readdir(dir, { recursive: true })).filter((name) => /\.(js|css|html|svg|json)$/.test(name));
    for (const name of files) {
      const file = join(dir, name);
      await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [react(), compressed],
  server: {
    proxy: {
      "/api": {
        target: process.env.SIGNET_API ?? "https://localhost:8443",
        secure: false,
        headers: token ? { Authorization: `Bearer ${token}` } : undefined,
      },
    },
  },
  build: {
    target: "es2022",
    // The content security policy allows no `data:` scripts or fonts; a file of its own is cached as well.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
    maxWorkers: 2,
    // To load all of the interface for each file takes longer than the tests: they share it, but for those that put
    // something in the place of a module (`vi.mock`), which others would get as well.
    projects: [
      { extends: true, test: { name: "shared", include: ["src/**/*.test.{ts,tsx}"], exclude: [ALONE], isolate: false } },
      { extends: true, test: { name: "alone", include: [ALONE] } },
    ],
  },
});
