/**
 * A text that can be edited, with merge fields as chips in it: the lines of a block, or the one line of a link.
 *
 * ProseMirror keeps the text; React tells it when the lines were changed from elsewhere, such as by undo.
 */
import { baseKeymap, chainCommands, deleteSelection, joinBackward, selectNodeBackward } from "@tiptap/pm/commands";
import { keymap } from "@tiptap/pm/keymap";
import { Slice, type Node } from "@tiptap/pm/model";
import { EditorState, type Command, type Transaction } from "@tiptap/pm/state";
import { EditorView } from "@tiptap/pm/view";
import { useEffect, useImperativeHandle, useRef, type CSSProperties, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { factName, type Translate } from "../design/facts";
import type { Field, Line } from "../design/types";
import { useActiveText, type ActiveText } from "./activeText";
import { insertField, patchStyle, selectedLook } from "./commands";
import { fromDoc, inlineCss, lineSchema, toDoc } from "./lineSchema";

export interface MergeTextHandle {
  insert: (field: Field) => void;
  focus: () => void;
}

interface Props {
  lines: Line[];
  onChange: (lines: Line[]) => void;
  /** What it is, for screen readers. */
  label: string;
  /** One line of words and fields alone, without styles. */
  single?: boolean;
  className?: string;
  style?: CSSProperties;
  ref?: Ref<MergeTextHandle>;
}

export function MergeText({ lines, onChange, label, single = false, className, style, ref }: Props) {
  const { t } = useTranslation();
  const active = useActiveText();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  /** What was told last, in the form in which it came. */
  const told = useRef(lines);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });

  useEffect(() => {
    if (!place.current) return;
    const made = makeView(place.current, { single, label, t, active, lines: told.current }, (changed) => {
      told.current = changed;
      tell.current(changed);
    });
    view.current = made;
    return () => {
      active.gone(made);
      made.destroy();
    };
  }, [active, label, single, t]);

  useEffect(() => {
    if (!view.current || same(lines, told.current)) return;
    told.current = lines;
    view.current.updateState(EditorState.create({ doc: toDoc(lines), plugins: view.current.state.plugins }));
    active.changed(view.current);
  }, [lines, active]);

  useImperativeHandle(ref, () => ({
    insert: (field) => {
      view.current?.dispatch(insertField(view.current.state, field));
      view.current?.focus();
    },
    focus: () => view.current?.focus(),
  }));

  return <div ref={place} className={className} style={style} />;
}

const same = (one: Line[], other: Line[]) => one === other || JSON.stringify(one) === JSON.stringify(other);

interface Making {
  single: boolean;
  label: string;
  lines: Line[];
  t: Translate;
  active: ActiveText;
}

function makeView(place: HTMLElement, { single, label, lines, t, active }: Making, changed: (lines: Line[]) => void) {
  const view: EditorView = new EditorView(place, {
    state: EditorState.create({ doc: toDoc(lines), plugins: keys(single) }),
    attributes: {
      role: "textbox",
      // Who leaves a toolbar by Tab would be led past it otherwise.
      tabindex: "0",
      "aria-label": label,
      "aria-multiline": String(!single),
      class: "merge-text",
    },
    nodeViews: { field: (node) => chip(node, t) },
    handleDOMEvents: {
      // Puck takes this key to mean another mode of the canvas.
      keydown: (_, event) => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "i") event.stopPropagation();
        return false;
      },
      focus: () => {
        if (!single) active.focused(view);
        return false;
      },
    },
    transformPasted: (slice) => (single ? firstLine(slice) : slice),
    dispatchTransaction(transaction: Transaction) {
      const before = view.state;
      view.updateState(before.apply(transaction));
      if (!before.doc.eq(view.state.doc)) changed(fromDoc(view.state.doc));
      if (!single) active.changed(view);
    },
  });
  return view;
}

/** A chip is chosen before it goes: one that is chosen by mistake is not lost. */
function keys(single: boolean) {
  const bold: Command = (state, dispatch) => {
    const weight = selectedLook(state).style.weight === "bold" ? undefined : "bold";
    dispatch?.(patchStyle(state, { weight }));
    return true;
  };
  const toggle =
    (key: "italic" | "underline"): Command =>
    (state, dispatch) => {
      dispatch?.(patchStyle(state, { [key]: selectedLook(state).style[key] ? undefined : true }));
      return true;
    };
  const own: Record<string, Command> = single
    ? { Enter: () => true }
    : { "Mod-b": bold, "Mod-i": toggle("italic"), "Mod-u": toggle("underline"), "Shift-Enter": baseKeymap.Enter! };
  const remove = chainCommands(deleteSelection, joinBackward, selectNodeBackward);
  return [keymap({ ...own, Backspace: remove }), keymap(baseKeymap)];
}

function chip(node: Node, t: Translate) {
  const dom = document.createElement("span");
  const field = node.attrs.field as Field;
  dom.className = field.link == null ? "chip" : "chip linked";
  dom.textContent = factName(field.field, t);
  if (field.style) dom.style.cssText = inlineCss(field.style);
  return { dom };
}

/** Words and fields of the first line, without their looks. */
function firstLine(slice: Slice): Slice {
  const nodes: Node[] = [];
  slice.content.firstChild?.descendants((node) => {
    if (node.isText) nodes.push(lineSchema.text(node.text ?? ""));
    if (node.type.name === "field") {
      const { field, format } = node.attrs.field as Field;
      nodes.push(lineSchema.node("field", { field: { field, ...(format && { format }) } }));
    }
  });
  return new Slice(lineSchema.node("line", null, nodes).content, 0, 0);
}
