import { afterEach, describe, expect, it, vi } from "vitest";
import { giveFocusBack } from "./giveFocusBack";

giveFocusBack();

const add = (html: string, within: Element = document.body) => {
  within.insertAdjacentHTML("beforeend", html);
  return within.lastElementChild as HTMLElement;
};
const dialog = () => {
  const opened = add(`<div role="dialog"><button>Cancel</button></div>`);
  opened.querySelector("button")!.focus();
  return opened;
};
const focused = () => document.activeElement;

afterEach(() => document.body.replaceChildren());

describe("what a dialog has taken the focus from", () => {
  it("has it again when the dialog is gone", async () => {
    const opener = add("<button>Open</button>");
    opener.focus();
    dialog().remove();
    await vi.waitFor(() => expect(focused()).toBe(opener));
  });

  it("is what led to it where the last is gone too", async () => {
    const opener = add("<button>More</button>");
    opener.focus();
    const menu = add(`<div role="menu"><button role="menuitem">Rename</button></div>`);
    menu.querySelector("button")!.focus();
    menu.remove();
    dialog().remove();
    await vi.waitFor(() => expect(focused()).toBe(opener));
  });

  it("has it again however many controls had it in the dialog", async () => {
    const opener = add("<button>Open</button>");
    opener.focus();
    const opened = dialog();
    for (let number = 0; number < 20; number++) add(`<button>${number}</button>`, opened).focus();
    opened.remove();
    await vi.waitFor(() => expect(focused()).toBe(opener));
  });

  it("is the dialog below where one stood before another", async () => {
    add("<button>Open</button>").focus();
    const below = dialog();
    dialog().remove();
    await vi.waitFor(() => expect(focused()).toBe(below.querySelector("button")));
  });

  it("stays without it where somebody else has it already", async () => {
    add("<button>Open</button>").focus();
    const opened = dialog();
    const next = add("<button>Next</button>");
    next.focus();
    opened.remove();
    await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(null))));
    expect(focused()).toBe(next);
  });
});
