/**
 * What can be done to a part of a text that is selected: its style and link, and putting fields in.
 */
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";
import type { Node } from "@tiptap/pm/model";
import type { Field, Link, Style } from "../design/types";
import { tidyStyle } from "../design/look";
import { lineSchema, marksOf, saidBy } from "./lineSchema";

/** Pieces of text and fields between two positions, cut to them. */
function pieces(state: EditorState): { node: Node; from: number; to: number }[] {
  const { from, to } = state.selection;
  const found: { node: Node; from: number; to: number }[] = [];
  state.doc.nodesBetween(from, to, (node, at) => {
    if (!node.isInline) return;
    const piece = { node, from: Math.max(from, at), to: Math.min(to, at + node.nodeSize) };
    if (piece.to > piece.from) found.push(piece);
  });
  return found;
}

/** What the selected pieces, or the place of the cursor, say about their look: keys on which all agree. */
export function selectedLook(state: EditorState): { style: Style; link: Link | null } {
  const all = pieces(state).map(({ node }) => look(node));
  const [first, ...others] = all.length > 0 ? all : [look(null, state)];
  const style = Object.fromEntries(
    Object.entries(first?.style ?? {}).filter(([key, value]) =>
      others.every((other) => (other.style as Record<string, unknown>)[key] === value),
    ),
  );
  const same = others.every((other) => JSON.stringify(other.link) === JSON.stringify(first?.link));
  return { style, link: same ? (first?.link ?? null) : null };
}

function look(node: Node | null, state?: EditorState): { style: Style; link: Link | null } {
  if (node?.type.name === "field") {
    const field = node.attrs.field as Field;
    return { style: field.style ?? {}, link: field.link ?? null };
  }
  const marks = node ? node.marks : (state?.storedMarks ?? state?.selection.$from.marks() ?? []);
  const said = saidBy(marks);
  return { style: said.style ?? {}, link: said.link ?? null };
}

/** Changes keys of the style; `undefined` takes one away. Without a selection it holds for what is typed next. */
export function patchStyle(state: EditorState, patch: Partial<Style>): Transaction {
  return change(state, ({ style, link }) => ({ style: { ...style, ...patch }, link }));
}

/** Gives the selected words and fields a link; `null` takes it away. */
export function setLink(state: EditorState, link: Link | null): Transaction {
  return change(state, ({ style }) => ({ style, link }));
}

interface Said {
  style: Style;
  link: Link | null;
}

function change(state: EditorState, to: (said: Said) => Said): Transaction {
  const transaction = state.tr;
  if (state.selection.empty) {
    return transaction.setStoredMarks(marksOf(to(look(null, state))));
  }
  for (const { node, from, to: end } of pieces(state)) {
    const said = to(look(node));
    if (node.type.name === "field") {
      transaction.setNodeMarkup(from, null, { field: styledField(node.attrs.field as Field, said) });
    } else {
      transaction.removeMark(from, end);
      marksOf(said).forEach((mark) => transaction.addMark(from, end, mark));
    }
  }
  return keepSelection(state, transaction);
}

/** A field with another style and link, in the order in which a field is written. */
function styledField(field: Field, { style, link }: Said): Field {
  const { style: _style, link: _link, ...rest } = field;
  const said = tidyStyle(style);
  return { ...rest, ...(said && { style: said }), ...(link !== null && { link }) };
}

/** Puts a field where the cursor is, in the style of the words there. */
export function insertField(state: EditorState, field: Field): Transaction {
  const style = tidyStyle(look(null, state).style);
  const node = lineSchema.node("field", { field: { ...field, ...(style && { style }) } });
  const transaction = state.tr.replaceSelectionWith(node, false);
  return transaction.setSelection(TextSelection.create(transaction.doc, transaction.selection.to));
}

/** The field that is selected, alone. */
export function selectedField(state: EditorState): Field | null {
  const { selection } = state;
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== "field") return null;
  return selection.node.attrs.field as Field;
}

/** Puts another in the place of the field that is selected. */
export function replaceField(state: EditorState, field: Field): Transaction {
  return keepSelection(state, state.tr.setNodeMarkup(state.selection.from, null, { field }));
}

function keepSelection(state: EditorState, transaction: Transaction): Transaction {
  const { from, to } = state.selection;
  const selection =
    state.selection instanceof NodeSelection
      ? NodeSelection.create(transaction.doc, from)
      : TextSelection.between(transaction.doc.resolve(from), transaction.doc.resolve(to));
  return transaction.setSelection(selection);
}
