/** What two drawings have in common is left alone; what only one has is marked in it. */
import { describe, expect, it, test } from "vitest";
import { lines, marked } from "./changedParts";

const isMarked = (html: string, text: string) =>
  new RegExp(`<span style="outline[^"]*">${text}</span>`).test(html);

describe("two drawings", () => {
  it("marks words that only one has", () => {
    const { before, after } = marked("<p>Kind regards</p><p>Ada</p>", "<p>Good day</p><p>Ada</p>");
    expect(isMarked(before, "Kind regards")).toBe(true);
    expect(isMarked(after, "Good day")).toBe(true);
    expect(isMarked(before, "Ada") || isMarked(after, "Ada")).toBe(false);
  });

  it("marks words that look different, and links that lead elsewhere", () => {
    const { after } = marked('<p style="color:red">Ada</p>', '<p style="color:blue">Ada</p>');
    expect(isMarked(after, "Ada")).toBe(true);
    const link = marked('<a href="https://a.example">Web</a>', '<a href="https://b.example">Web</a>');
    expect(isMarked(link.after, "Web")).toBe(true);
  });

  it("marks pictures and lines", () => {
    const { before, after } = marked('<img src="a">', '<img src="b"><td style="border-top:1px solid red"></td>');
    expect(before).toContain("outline");
    expect(after.match(/outline:/g)).toHaveLength(1);
    const line = marked("<p>a</p>", '<p>a</p><div style="border-top:1px solid red"></div>');
    expect(line.after).toContain("outline");
  });

  it("marks the second of two where there was one", () => {
    const { before, after } = marked("<p>Ada</p>", "<p>Ada</p><p>Ada</p>");
    expect(before).toBe("<p>Ada</p>");
    expect(after.match(/outline:/g)).toHaveLength(1);
  });

  it("marks nothing where nothing differs", () => {
    const html = '<table><tbody><tr><td style="color:red">Ada<br><b>B</b></td></tr></tbody></table>';
    expect(marked(html, html)).toEqual({ before: html, after: html });
  });
});

test("lines of plain text are told apart by their places", () => {
  const told = lines("Kind regards\nAda\nT 1\n", "Good day\nAda\nT 1\nM 2\n");
  const others = (side: "before" | "after") => told[side].filter(({ isOther }) => isOther).map(({ text }) => text);
  expect(others("before")).toEqual(["Kind regards"]);
  expect(others("after")).toEqual(["Good day", "M 2"]);
  expect(told.after.map(({ text }) => text)).toEqual(["Good day", "Ada", "T 1", "M 2"]);
});
