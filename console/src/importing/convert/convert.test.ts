import { describe, expect, it } from "vitest";
import type { Block } from "../../editor/design/types";
import { imported } from "../fixtures/fixtures";
import { inert } from "../read/inert";
import { piecesOf } from "../read/pieces";
import { convert } from "./convert";

const blocksOf = (html: string, size?: { width: number; height: number }) => {
  const pieces = piecesOf(inert(html)).map(({ nodes }) => nodes);
  return convert(pieces, () => size);
};

/** The words of each block, for what is long. */
const outline = (blocks: Block[]): unknown[] =>
  blocks.map((block) => {
    if (block.type === "columns") return { columns: block.columns.map((column) => outline(column.blocks)) };
    if (block.type === "text" || block.type === "disclaimer") {
      const words = block.lines.map((line) =>
        line.map((span) => (typeof span === "string" ? span : "text" in span ? span.text : "")).join(""),
      );
      return { [block.type]: words };
    }
    return block.type;
  });

describe("a signature as it came, as blocks", () => {
  it("Outlook for Windows", () => {
    const { design, losses, pictures } = imported("outlook-classic.htm");
    expect(losses).toEqual([]);
    expect(pictures.map(({ src }) => src)).toEqual(["Northwind_files/image001.png"]);
    expect(outline(design.blocks)).toEqual([
      { text: ["Ada Lovelace", "Head of Analysis | Research"] },
      "spacer",
      { columns: [["logo"], [{ text: ["T: +44 (0)20 7946 0958", "E: ada.lovelace@northwind.example"] }]] },
      { disclaimer: [expect.stringContaining("confidential")] },
    ]);
    const [first, , columns] = design.blocks;
    expect(design.style).toEqual({ font: "Segoe UI, sans-serif", size: 15, colour: "#404040", leading: 120 });
    expect(first).toMatchObject({
      lines: [[{ style: { size: 19, colour: "#1f3864", weight: "bold" } }], ["Head of Analysis | Research"]],
    });
    expect(columns).toMatchObject({ gap: 24, columns: [{ blocks: [{ width: 128 }] }, { rule: "#1f3864" }] });
  });

  it("new Outlook", () => {
    const { design, how } = imported("outlook-new.html");
    expect(how).toBe("mark");
    expect(design.blocks).toMatchObject([
      {
        type: "text",
        lines: [[{ text: "Ada Lovelace", style: { colour: "#00635d", size: 16 } }], ["Head of Analysis"]],
      },
      { type: "spacer", height: 10 },
      {
        type: "social",
        size: 24,
        icons: [{ network: "linkedin", link: "https://www.linkedin.com/in/ada" }, { network: "x" }],
      },
      { type: "spacer" },
      { type: "banner", width: 480, link: "https://northwind.example/spring", alt: "Spring offer" },
    ]);
  });

  it("Gmail, with a cell that spans rows", () => {
    const { design, how } = imported("gmail.html");
    expect(how).toBe("mark");
    expect(outline(design.blocks)).toEqual([
      { columns: [["logo"], [{ text: ["Ada Lovelace"] }, { text: ["Head of Analysis", "020 7946 0958"] }]] },
    ]);
    expect(design.blocks[0]).toMatchObject({ gap: 16, columns: [{ blocks: [{ shape: "round", width: 96 }] }, {}] });
  });

  it("Apple Mail", () => {
    const { design, how } = imported("apple-mail.html");
    expect(how).toBe("facts");
    expect(outline(design.blocks)).toEqual([
      { text: ["ADA LOVELACE", "Head of Analysis", "M +44 7700 900123", "northwind.example"] },
    ]);
  });

  it("plain text", () => {
    const { design, how } = imported("plain.txt");
    expect(how).toBe("delimiter");
    expect(outline(design.blocks)).toEqual([
      {
        text: [
          "Ada Lovelace",
          "Head of Analysis, Research",
          "Northwind Ltd",
          "020-7946-0958",
          "ada.lovelace@northwind.example",
        ],
      },
    ]);
  });

  it.each<[string, string, unknown[]]>([
    [
      "a button by its link",
      `<a href="https://a.example/" style="background:#0a6;padding:8px 16px;border-radius:4px;color:#fff">Book</a>`,
      [{ type: "button", text: "Book", link: "https://a.example/", colour: "#00aa66", shape: "rounded" }],
    ],
    [
      "a button by its cell",
      `<table><tr><td bgcolor="#123456"><a href="https://a.example/" style="color:#ffffff">Book</a></td></tr></table>`,
      [{ type: "button", text: "Book", colour: "#123456" }],
    ],
    [
      "a line across",
      `<p>A</p><hr color="red"><p>B</p>`,
      [{ type: "text" }, { type: "spacer" }, { type: "divider" }, { type: "spacer" }, { type: "text" }],
    ],
    [
      "a line below a table",
      `<table style="border-bottom:2px solid #ff0000"><tr><td>A</td></tr></table>`,
      [{ type: "text" }, { type: "divider", colour: "#ff0000", thickness: 2 }],
    ],
    [
      "a painted row",
      `<table><tr><td>A</td></tr><tr><td height="3" bgcolor="#00ff00"></td></tr></table>`,
      [{ type: "text" }, { type: "divider", colour: "#00ff00", thickness: 3 }],
    ],
    [
      "a label beside its words",
      `<table><tr><td>T:</td><td>020</td></tr><tr><td>M:</td><td>077</td></tr></table>`,
      [
        {
          type: "text",
          lines: [
            ["T:", "\u00a0 ", "020"],
            ["M:", "\u00a0 ", "077"],
          ],
        },
      ],
    ],
    [
      "a field of colour",
      `<div style="background:#eeeeee;padding:10px 20px">A</div>`,
      [{ type: "rows", frame: { background: "#eeeeee", padding: 10, sides: 20 }, blocks: [{ type: "text" }] }],
    ],
    ["words in the middle", `<p align="center">A</p>`, [{ type: "text", align: "centre" }]],
    ["a picture nobody sees", `<p>A</p><img src="https://t.example/o.gif" width="1" height="1">`, [{ type: "text" }]],
    ["a list", `<ul><li>A</li><li>B</li></ul>`, [{ type: "text", lines: [["•\u00a0A"], ["•\u00a0B"]] }]],
  ])("%s", (_, html, blocks) => {
    const { design } = blocksOf(html);
    expect(design.blocks).toHaveLength(blocks.length);
    expect(design.blocks).toMatchObject(blocks);
  });

  it("takes the height of a picture only where it is not in proportion", () => {
    const html = (height: number) => `<img src="cid:a" width="100" height="${height}">`;
    expect(blocksOf(html(50), { width: 400, height: 200 }).design.blocks[0]).not.toHaveProperty("height");
    expect(blocksOf(html(80), { width: 400, height: 200 }).design.blocks[0]).toMatchObject({ height: 80 });
  });

  it("goes no deeper than the server takes", () => {
    const deep = Array.from({ length: 20 }).reduce<string>(
      (inner) => `<table bgcolor="#eeeeee"><tr><td>Words beside it</td><td>${inner}</td></tr></table>`,
      "The innermost",
    );
    const depth = (blocks: Block[]): number =>
      Math.max(
        0,
        ...blocks.map(
          (block) =>
            1 +
            (block.type === "columns"
              ? Math.max(...block.columns.map((column) => depth(column.blocks)))
              : block.type === "rows"
                ? depth(block.blocks)
                : 0),
        ),
      );
    const { design, losses } = blocksOf(deep);
    expect(depth(design.blocks)).toBeLessThanOrEqual(8);
    expect(losses).toContain("deep");
  });

  it("says what it leaves out", () => {
    const { losses, design } = blocksOf(
      `<p style="background-image:url(x.png)"><s>A</s><sup>2</sup></p><form><input></form>`,
    );
    expect(new Set(losses)).toEqual(new Set(["background", "struck", "raised", "form"]));
    expect(outline(design.blocks)).toEqual([{ text: ["A2"] }]);
  });
});

describe("what a stranger wrote", () => {
  const hostile = `<p onclick="alert(1)">A <a href="javascript:alert(1)">B</a> <a href=" java\nscript:alert(1)">C</a>
    <a href="data:text/html,x">D</a><img src="javascript:alert(1)" onerror="alert(1)"></p>
    <script>alert(1)</script><svg onload="alert(1)"><a href="https://a.example/"/></svg><iframe srcdoc="x"></iframe>`;

  it("does nothing in the document", () => {
    const html = inert(hostile).body.innerHTML;
    expect(html).not.toMatch(/script>|onclick|onerror|onload|javascript|svg|iframe/i);
  });

  it("leaves no link and no picture that is not one", () => {
    const text = JSON.stringify(blocksOf(hostile).design);
    expect(text).not.toMatch(/script|data:|alert/i);
    expect(text).toContain("A B C D");
  });
});
