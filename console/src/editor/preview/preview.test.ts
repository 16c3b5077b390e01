/** Previews show the carried pictures and turn colours for dark mode, and let nothing run. */
import { describe, expect, it, test } from "vitest";
import { contrast } from "../lint/contrast";
import { darkened, darkenedHtml } from "./darkened";
import { previewPage } from "./previewPage";

describe("dark mode", () => {
  it.each<[string, "text" | "background"]>([
    ["#000000", "text"],
    ["#333333", "text"],
    ["#12305b", "text"],
    ["#8a6726", "text"],
  ])("dark text %s can be read on dark", (colour, role) => {
    expect(contrast(darkened(colour, role), "#1f1f1f")).toBeGreaterThan(4.5);
  });

  it.each<[string, "text" | "background"]>([
    ["#ffffff", "text"],
    ["#111111", "background"],
    ["#0b6f68", "background"],
    ["red", "text"],
  ])("%s stays as %s", (colour, role) => expect(darkened(colour, role)).toBe(colour));

  test("a white background becomes dark, and keeps its text readable", () => {
    expect(contrast(darkened("#ffffff", "background"), darkened("#333333", "text"))).toBeGreaterThan(4.5);
  });

  test("styles and attributes turn alike", () => {
    const dark = darkenedHtml(
      '<table><tbody><tr><td bgcolor="#ffffff" style="color:#000000">x</td></tr></tbody></table>',
    );
    expect(dark).not.toContain("#ffffff");
    expect(dark).not.toMatch(/rgb\(0, 0, 0\)|#000000/);
    expect(dark).toContain("x</td>");
  });
});

describe("the page", () => {
  const images = [{ id: "a+1", type: "image/png", base64: "AAAA" }];
  const html = '<img src="cid:a+1"><img src="cid:gone"><img src="https://i.example/a.png">';

  test("carries its pictures", () => {
    const page = previewPage({ html, images }, "light");
    expect(page).toContain('<img src="data:image/png;base64,AAAA">');
    expect(page).toContain('src="cid:gone"');
    expect(page).toContain('src="https://i.example/a.png"');
  });

  test("allows no script by its own policy", () => {
    expect(previewPage({ html, images }, "dark")).toContain("default-src 'none'");
  });
});
