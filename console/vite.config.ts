/**
 * How the console is served while it is being written, and how it is built.
 *
 * `npm run dev` asks the API of a running Signet: `SIGNET_API` says where it is, and `SIGNET_TOKEN`, if it is set, is
 * sent along by this development server alone.
 */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const token = process.env.SIGNET_TOKEN;

export default defineConfig({
  plugins: [react()],
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
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
