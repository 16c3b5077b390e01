/** Lines come out of the text editor as they went in, and its commands change what is selected and nothing else. */
import fc from "fast-check";
import { EditorState, NodeSelection, TextSelection } from "@tiptap/pm/state";
import { describe, expect, it, test } from "vitest";
import { anySpan } from "../design/anyDesign";
import { isField, isStyled, type Line, type Span } from "../design/types";
import { insertField, patchStyle, replaceField, selectedField, selectedLook, setLink } from "./commands";
import { fromDoc, toDoc } from "./lineSchema";

function stateOf(lines: Line[], from = 1, to = from): EditorState {
  const state = EditorState.create({ doc: toDoc(lines) });
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
}

/** Words of one look side by side are one piece, and no words are none. */
function normal(line: Line): Line {
  const said = (span: Span) => JSON.stringify(isStyled(span) ? [span.style, span.link] : []);
  const plain = line
    .map((span) => (isStyled(span) && span.link === undefined && !hasStyle(span) ? span.text : span))
    .map((span) => (isStyled(span) && !hasStyle(span) ? { text: span.text, link: span.link } : span))
    .filter((span) => isField(span) || (typeof span === "string" ? span : span.text) !== "");
  return plain.reduce<Line>((done, span) => {
    const last = done.at(-1);
    if (last === undefined || isField(last) || isField(span) || said(last) !== said(span)) return [...done, span];
    const joined = (one: Span) => (typeof one === "string" ? one : (one as { text: string }).text);
    const text = joined(last) + joined(span);
    return [...done.slice(0, -1), typeof span === "string" ? text : { ...(span as object), text }] as Line;
  }, []);
}

const hasStyle = (span: { style?: object }) => Object.keys(span.style ?? {}).length > 0;

test("any lines come back", () => {
  fc.assert(
    fc.property(fc.array(fc.array(anySpan, { maxLength: 5 }), { minLength: 2, maxLength: 4 }), (lines) => {
      expect(fromDoc(toDoc(lines))).toEqual(lines.map(normal));
    }),
  );
});

describe("styles and links", () => {
  const bold = { weight: "bold" } as const;
  it.each<[string, Line, [number, number], Line]>([
    ["part of the words", ["abcd"], [2, 4], ["a", { text: "bc", style: bold }, "d"]],
    [
      "words and a field",
      ["a", { field: "city" }],
      [1, 3],
      [
        { text: "a", style: bold },
        { field: "city", style: bold },
      ],
    ],
    [
      "what has a colour keeps it",
      [{ text: "ab", style: { colour: "#ff0000" } }],
      [1, 3],
      [{ text: "ab", style: { colour: "#ff0000", weight: "bold" } }],
    ],
    ["nothing, where nothing is selected", ["ab"], [2, 2], ["ab"]],
  ])("bold: %s", (_, line, [from, to], expected) => {
    const state = stateOf([line], from, to);
    expect(fromDoc(state.apply(patchStyle(state, bold)).doc)).toEqual([expected].filter((one) => one.length > 0));
  });

  test("a style is taken away", () => {
    const state = stateOf(
      [
        [
          { text: "ab", style: bold },
          { field: "city", style: bold },
        ],
      ],
      1,
      4,
    );
    expect(selectedLook(state).style).toEqual(bold);
    expect(fromDoc(state.apply(patchStyle(state, { weight: undefined })).doc)).toEqual([["ab", { field: "city" }]]);
  });

  test("pieces that differ agree on what they share", () => {
    const one = { text: "a", style: { size: 12, colour: "#000000" } };
    const state = stateOf([[one, { text: "b", style: { size: 12, colour: "#ffffff" } }]], 1, 3);
    expect(selectedLook(state)).toEqual({ style: { size: 12 }, link: null });
  });

  test("a link comes and goes, on words and fields", () => {
    const state = stateOf([["ab", { field: "city" }]], 1, 4);
    const linked = state.apply(setLink(state, "https://a.example/"));
    expect(fromDoc(linked.doc)).toEqual([
      [
        { text: "ab", link: "https://a.example/" },
        { field: "city", link: "https://a.example/" },
      ],
    ]);
    expect(fromDoc(linked.apply(setLink(linked, null)).doc)).toEqual([["ab", { field: "city" }]]);
  });
});

test("a field is put in, chosen, and replaced", () => {
  const state = stateOf([["ab"]], 2);
  const put = state.apply(insertField(state, { field: "city" }));
  expect(fromDoc(put.doc)).toEqual([["a", { field: "city" }, "b"]]);
  const chosen = put.apply(put.tr.setSelection(NodeSelection.create(put.doc, 2)));
  expect(selectedField(chosen)).toEqual({ field: "city" });
  const upper = chosen.apply(replaceField(chosen, { field: "city", format: ["upper"] }));
  expect(fromDoc(upper.doc)).toEqual([["a", { field: "city", format: ["upper"] }, "b"]]);
  expect(selectedField(upper)).toEqual({ field: "city", format: ["upper"] });
});
