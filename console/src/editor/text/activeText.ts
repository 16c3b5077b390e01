/**
 * Which text is being edited, so that one toolbar serves them all: those on the canvas and that in the panel.
 */
import type { EditorState, Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { createContext, useContext, useSyncExternalStore } from "react";

export class ActiveText {
  private view: EditorView | null = null;
  private readonly listeners = new Set<() => void>();

  /** The state of the text that had the focus last; `null` when there is none. */
  readonly state = (): EditorState | null => this.view?.state ?? null;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  focused(view: EditorView) {
    this.view = view;
    this.tell();
  }

  changed(view: EditorView) {
    if (view === this.view) this.tell();
  }

  gone(view: EditorView) {
    if (view !== this.view) return;
    this.view = null;
    this.tell();
  }

  /** Does something to the text and gives it the focus back. */
  run(command: (state: EditorState) => Transaction) {
    if (!this.view) return;
    this.view.dispatch(command(this.view.state));
    this.view.focus();
  }

  /** Does something to the text while the focus stays where it is. */
  quietly(command: (state: EditorState) => Transaction) {
    this.view?.dispatch(command(this.view.state));
  }

  private tell() {
    this.listeners.forEach((listener) => listener());
  }
}

export const ActiveTextContext = createContext(new ActiveText());

export const useActiveText = () => useContext(ActiveTextContext);

export function useActiveState(): EditorState | null {
  const active = useActiveText();
  return useSyncExternalStore(active.subscribe, active.state);
}
