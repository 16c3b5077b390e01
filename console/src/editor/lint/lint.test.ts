/** Each check finds what it is for, at its place, and nothing in what is right. */
import { describe, expect, it, test } from "vitest";
import type { Block, Rendered, SignatureEntry } from "../design/types";
import { contrast } from "./contrast";
import { lint, type Linted } from "./lint";

const drawn = (html: string, empty = false): Rendered => ({ empty, html, plain: "", rtf: "", images: [] });

function entry(blocks: Block[], more: Partial<SignatureEntry> = {}): SignatureEntry {
  const design = { version: 1, style: { colour: "#808080" }, blocks };
  return {
    id: "a",
    name: "A",
    enabled: true,
    place: "reply",
    images: "hosted",
    then_continue: false,
    applies: { senders: {}, recipients: "any", except: {}, schedule: null },
    design,
    ...more,
  };
}

function found(blocks: Block[], more: Partial<Linted> = {}) {
  const findings = lint({ entry: entry(blocks), rendered: null, person: "Ada", images: [], ...more });
  return findings.map(({ kind, place }) => `${kind} ${place}`);
}

const picture = (more: object): Block => ({ type: "image", image: "a", alt: "A", width: 100, ...more }) as Block;
const text = (colour: string, more: object = {}): Block =>
  ({ type: "text", lines: [["x"]], style: { colour, ...more } }) as Block;
const framed = (background: string, block: Block): Block => ({
  type: "rows",
  gap: 0,
  blocks: [block],
  frame: { background },
});

describe("blocks", () => {
  it.each<[string, Block, string[]]>([
    ["a picture", picture({}), []],
    ["no alternative text", picture({ alt: "" }), ["no-alt /design/blocks/0"]],
    ["alternative text of pieces", picture({ alt: [{ field: "city" }] }), []],
    ["no alternative text in pieces", picture({ alt: [] }), ["no-alt /design/blocks/0"]],
    ["no picture", picture({ image: "", alt: "" }), ["unfinished-picture /design/blocks/0"]],
    ["380 pixels", picture({ width: 380 }), []],
    ["381 pixels", picture({ width: 381 }), ["wider-than-phone /design/blocks/0"]],
    ["600 pixels", picture({ width: 600 }), ["wider-than-phone /design/blocks/0"]],
    ["601 pixels", picture({ width: 601 }), ["wider-than-window /design/blocks/0"]],
    ["a condition without a test", { type: "if", when: [] }, ["unfinished-test /design/blocks/0"]],
    [
      "a test without a value",
      { type: "if", when: [{ is: "equals", field: "city", value: " " }] },
      ["unfinished-test /design/blocks/0"],
    ],
    ["a picture of the file in HTML", { type: "html", html: '<img src="image:logo">' }, []],
    [
      "WebP in HTML",
      { type: "html", html: "<IMG alt=x src='https://a.example/b.webp?1'>" },
      ["html-picture /design/blocks/0"],
    ],
    ["SVG in HTML", { type: "html", html: "<img src=https://a.example/b.svg>" }, ["html-picture /design/blocks/0"]],
    [
      "a picture written into HTML",
      { type: "html", html: '<img src="data:image/png;base64,AA">' },
      ["html-picture /design/blocks/0"],
    ],
    ["the word svg in HTML", { type: "html", html: "<p>.svg</p>" }, []],
  ])("%s", (_, block, expected) => expect(found([block])).toEqual(expected));
});

describe("links", () => {
  const at = "/design/blocks/0/link";
  it.each<[string | (string | { field: string })[], string[]]>([
    ["https://a.example/", []],
    ["HTTP://a.example", []],
    ["mailto:a@a.example", []],
    ["tel:+44", []],
    ["www.contoso.example/x", []],
    ["", [`link-missing ${at}`]],
    [[], [`link-missing ${at}`]],
    ["https://", [`link-scheme ${at}`]],
    ["ftp://a.example", [`link-scheme ${at}`]],
    ["javascript:alert(1)", [`link-scheme ${at}`]],
    ["contact us", [`link-scheme ${at}`]],
    [[{ field: "extension1" }], []],
    [["tel:", { field: "telephoneNumber" }], []],
    [["https://", { field: "extension1" }], []],
    [["a.example/", { field: "extension1" }], [`link-scheme ${at}`]],
  ])("%j", (link, expected) => expect(found([picture({ link })])).toEqual(expected));

  test("of a piece of a line, an icon and a code have their places", () => {
    const blocks: Block[] = [
      { type: "text", lines: [[], ["a", { text: "b", link: "x y" }]] },
      { type: "social", size: 24, icons: [{ network: "x" }, { network: "x", link: "" }] },
      { type: "qr", size: 96, alt: "", code: { link: "" } },
    ];
    expect(found(blocks).filter((one) => one.startsWith("link"))).toEqual([
      "link-scheme /design/blocks/0/lines/1/1/link",
      "link-missing /design/blocks/1/icons/1/link",
      "link-missing /design/blocks/2/code/link",
    ]);
  });
});

describe("colours and sizes", () => {
  it.each<[string, Block, string[]]>([
    ["black on white", text("#000000"), ["dark-mode /design/blocks/0"]],
    ["black on its own white", framed("#ffffff", text("#000000")), []],
    ["grey on nothing", text("#767676"), []],
    ["light grey on nothing", text("#999999"), ["low-contrast /design/blocks/0"]],
    ["light grey, large", text("#949494", { size: 24 }), []],
    [
      "light grey, bold but not large",
      text("#949494", { size: 18, weight: "bold" }),
      ["low-contrast /design/blocks/0"],
    ],
    ["white on dark", framed("#222222", text("#ffffff")), []],
    ["dark on dark", framed("#222222", text("#333333")), ["low-contrast /design/blocks/0/blocks/0"]],
    ["12 pixels", text("#767676", { size: 12 }), []],
    ["11 pixels", text("#767676", { size: 11 }), ["tiny-text /design/blocks/0"]],
    ["small print", { type: "disclaimer", lines: [["x"]] }, []],
    ["tiny print", { type: "disclaimer", lines: [["x"]], style: { size: 8 } }, ["tiny-text /design/blocks/0"]],
    ["blanks have no colour", { type: "text", lines: [[{ text: "  ", style: { colour: "#ffffff" } }]] }, []],
    [
      "a yellow button",
      { type: "button", text: "x", link: "https://a.example", colour: "#ffee00" },
      ["low-contrast /design/blocks/0"],
    ],
    [
      "a yellow button with dark words",
      { type: "button", text: "x", link: "https://a.example", colour: "#ffee00", style: { colour: "#000000" } },
      [],
    ],
    [
      "initials on yellow",
      { type: "photo", width: 80, alt: "x", initials: "#ffee00" },
      ["low-contrast /design/blocks/0"],
    ],
  ])("%s", (_, block, expected) => expect(found([block])).toEqual(expected));

  test("small text is told once, where it is smallest", () => {
    const small = [text("#767676", { size: 11 }), text("#767676", { size: 10 }), text("#767676", { size: 11 })];
    expect(found(small)).toEqual(["tiny-text /design/blocks/1"]);
  });

  test("black on white is 21 to 1, and what is no colour is not judged", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#777777", "#FFFFFF")).toBeCloseTo(4.48, 2);
    expect(contrast("red", "#ffffff")).toBeNull();
  });
});

describe("what was drawn", () => {
  const logo = picture({ image: "logo" });
  const carried = drawn('<img src="cid:logo">');
  const images = [{ id: "logo", type: "image/png", bytes: 300_000 }];
  it.each<[string, Partial<Linted>, string[]]>([
    ["nothing is left", { rendered: drawn("", true) }, ["nothing-left null"]],
    ["90 kB", { rendered: drawn("x".repeat(90_000)) }, []],
    ["more than 90 kB", { rendered: drawn("x".repeat(90_001)) }, ["large null"]],
    ["octets, not characters", { rendered: drawn("ü".repeat(45_001)) }, ["large null"]],
    ["linked pictures are linked", { rendered: drawn('<img src="https://i.example/i/a.png">') }, []],
    ["linked pictures are carried", { rendered: carried }, ["not-hosted null"]],
    ["a code is always carried", { rendered: drawn('<img src="cid:qr+12">') }, []],
    ["carried pictures are carried", { rendered: carried, entry: entry([logo], { images: "embedded" }) }, []],
    [
      "heavy ones",
      { rendered: carried, images, entry: entry([logo], { images: "embedded" }) },
      ["heavy-pictures null"],
    ],
    ["heavy ones that are linked", { rendered: drawn("x"), images }, []],
  ])("%s", (_, more, expected) => expect(found([logo], more)).toEqual(expected));
});

test("the worst comes first", () => {
  const findings = lint({
    entry: entry([text("#000000"), picture({ alt: "" }), picture({ image: "" })]),
    rendered: null,
    person: "Ada",
    images: [],
  });
  expect(findings.map(({ severity }) => severity)).toEqual(["error", "warning", "advice"]);
});
