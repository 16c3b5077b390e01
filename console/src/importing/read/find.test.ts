import { describe, expect, it } from "vitest";
import { findSignature } from "./find";
import { inert } from "./inert";
import { piecesOf } from "./pieces";

const pieces = (html: string) => piecesOf(inert(html));
const found = (html: string, others: string[] = [], names: string[] = []) => {
  const all = pieces(html);
  const { from, to, how } = findSignature(all, false, others.map(pieces), names);
  return [
    how,
    all
      .slice(from, to)
      .filter(({ kind }) => kind !== "blank")
      .map(({ text, kind }) => text || kind),
  ];
};

describe("where the signature is", () => {
  it.each<[string, string, unknown[]]>([
    [
      "an element that is marked",
      `<p>Yes</p><div class="gmail_signature"><p>Ada</p><p>Analyst</p></div>`,
      ["mark", ["Ada", "Analyst"]],
    ],
    [
      "a mark after a reply",
      `<p>Yes</p><div id="Signature">Ada<br>Analyst</div><p>PS</p>`,
      ["mark", ["Ada", "Analyst"]],
    ],
    [
      "Outlook's bookmark",
      `<p>Yes</p><p><a name="_MailAutoSig">Ada</a></p><p>Analyst</p>`,
      ["mark", ["Ada", "Analyst"]],
    ],
    ["dashes", `Yes<br>-- <br>Ada<br>Analyst`, ["delimiter", ["Ada", "Analyst"]]],
    [
      "a closing and facts",
      `<p>Yes.</p><p>Kind regards,</p><p>Ada</p><p>020 7946 0958</p>`,
      ["facts", ["Ada", "020 7946 0958"]],
    ],
    [
      "a closing in German",
      `<p>Ja.</p><p>Mit freundlichen Grüßen</p><p>Ada</p><p>ada@northwind.example</p>`,
      ["facts", ["Ada", "ada@northwind.example"]],
    ],
    [
      "a picture",
      `<p>${"Long words. ".repeat(20)}</p><p><img src="cid:a"></p><p>Analyst</p>`,
      ["facts", ["picture", "Analyst"]],
    ],
    ["nothing at all", `<p>Yes</p><p>No</p>`, ["end", ["Yes", "No"]]],
  ])("%s", (_, html, expected) => expect(found(html)).toEqual(expected));

  it("is what several messages have in common", () => {
    const end = `<p>Ada</p><p>Analyst</p>`;
    expect(found(`<p>Yes.</p>${end}`, [`<p>No.</p>${end}`, `<p>Well</p>${end}`])).toEqual([
      "repeated",
      ["Ada", "Analyst"],
    ]);
  });

  it("begins with the name of the person", () => {
    expect(found(`<p>Yes</p><p>Ada Lovelace</p><p>020 7946 0958</p>`, [], ["Ada Lovelace"])).toEqual([
      "facts",
      ["Ada Lovelace", "020 7946 0958"],
    ]);
  });
});
