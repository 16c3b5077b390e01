/**
 * What jsdom lacks and the components under test need, and a clean page after each test.
 */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import "../app/i18n";

afterEach(cleanup);

// Pages are loaded when they are first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    dispatchEvent: () => false,
  }) as unknown as MediaQueryList;

// jsdom has one that only complains.
window.scrollTo = () => undefined;

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

globalThis.IntersectionObserver ??= class {
  root = null;
  rootMargin = "";
  scrollMargin = "";
  thresholds = [];
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
};
