import { describe, expect, it } from "vitest";
import type { Block, Line } from "../../editor/design/types";
import { ada, imported } from "../fixtures/fixtures";
import { isSameNumber } from "./candidates";
import { factsIn, withFields } from "./fields";

const text = (...lines: Line[]) => ({ version: 1, blocks: [{ type: "text", lines } as Block] });
const filled = (...line: Line) => {
  const [block] = withFields(text(line), ada, () => true).blocks;
  return block?.type === "text" ? block.lines[0] : undefined;
};

describe("the facts of a person as merge fields", () => {
  it.each<[string, Line]>([
    ["Ada Lovelace", [{ field: "displayName" }]],
    ["ADA LOVELACE", [{ field: "displayName", format: ["upper"] }]],
    ["Lovelace, Ada", [{ field: "lastName" }, ", ", { field: "firstName" }]],
    ["Dear Ada!", ["Dear ", { field: "firstName" }, "!"]],
    ["Adam Lovelaces", ["Adam Lovelaces"]],
    ["Head of Analysis, Research", [{ field: "jobTitle" }, ", ", { field: "department" }]],
    ["T +44 20 7946 0958", ["T ", { field: "telephoneNumber" }]],
    ["T 020.7946.0958", ["T ", { field: "telephoneNumber", format: [{ phone: { style: "dots" } }] }]],
    ["M 07700 900 123", ["M ", { field: "mobileNumber", format: [{ phone: { style: "national" } }] }]],
    ["ADA@northwind.example", [{ field: "emailAddress" }]],
    ["ada@other.example", ["ada@other.example"]],
    ["www.ada.example", ["www.ada.example"]],
    ["12 London Road", ["12 ", { field: "city" }, " Road"]],
  ])("%s", (written, line) => expect(filled(written)).toEqual(line));

  it("finds a name across styles, in the style of its beginning", () => {
    expect(filled({ text: "Ada ", style: { weight: "bold" } }, "Lovelace", " Ltd")).toEqual([
      { field: "displayName", style: { weight: "bold" } },
      " Ltd",
    ]);
  });

  it("lets links follow the person", () => {
    expect(filled({ text: "Mail", link: "mailto:ada@northwind.example?subject=Hi" })).toEqual([
      { text: "Mail", link: ["mailto:", { field: "emailAddress" }, "?subject=Hi"] },
    ]);
    expect(filled({ text: "Call", link: "tel:+44-20-7946-0958" })).toEqual([
      { text: "Call", link: ["tel:", { field: "telephoneNumber" }] },
    ]);
    expect(filled({ text: "In", link: "https://www.linkedin.com/in/ada/" })).toEqual([
      { text: "In", link: [{ field: "custom.linkedin" }] },
    ]);
  });

  it("lists what it finds, and leaves what is switched off", () => {
    const { design } = imported("plain.txt");
    const keys = factsIn(design, ada).map(({ key }) => key);
    expect(keys).toEqual(["displayName", "jobTitle", "department", "telephoneNumber", "emailAddress"]);
    const [block] = withFields(design, ada, (key) => key !== "department").blocks;
    expect(block).toMatchObject({
      lines: [[{ field: "displayName" }], [{ field: "jobTitle" }, ", Research"], {}, {}, {}],
    });
  });

  it("doubts what is very short", () => {
    expect(factsIn(text(["London, UK"]), ada).map(({ key, candidate }) => [key, candidate.doubtful])).toEqual([
      ["city", false],
      ["country", true],
    ]);
  });

  it("takes a picture of the person for a photo", () => {
    const block: Block = { type: "image", image: "a", alt: "Photo of Ada Lovelace", width: 90 };
    const { blocks } = withFields({ version: 1, blocks: [block] }, ada, () => true);
    expect(blocks).toEqual([{ type: "photo", width: 90, alt: [{ field: "displayName" }] }]);
  });
});

describe("telephone numbers", () => {
  it.each([
    ["+44 (0)20 7946 0958", "020 7946 0958", true],
    ["0044 20 79460958", "+44 20 7946 0958", true],
    ["7946 0958", "+44 20 7946 0958", false],
    ["+44 20 7946 0959", "+44 20 7946 0958", false],
    ["12", "12", false],
  ])("%s and %s: %s", (one, other, same) => expect(isSameNumber(one, other)).toBe(same));
});
