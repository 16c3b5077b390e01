/**
 * Ctrl+Z and Ctrl+Y in fields beside the design are the fields' own: Puck would undo what nobody sees.
 */
import type { KeyboardEvent } from "react";

export function ownUndo(event: KeyboardEvent) {
  const isUndo = (event.ctrlKey || event.metaKey) && ["z", "y"].includes(event.key.toLowerCase());
  if (isUndo) event.stopPropagation();
}
