/**
 * Puck's drag-and-drop makes a button of every block, also of those that hold others: screen readers would read a button
 * in a button. Here they are what they are: groups with a name, which Enter chooses.
 */
import { useEffect, useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { blockName } from "../design/blockNames";
import { useCanvasActions } from "./puck";

const BLOCK = "[data-puck-component]";

export function useBlocksAsGroups() {
  const { t } = useTranslation();
  const { choose } = useCanvasActions();
  const canvas = useRef<HTMLElement>(null);

  useEffect(() => {
    const root = canvas.current;
    if (!root) return;
    const name = () => root.querySelectorAll<HTMLElement>(BLOCK).forEach((block) => asGroup(block, t));
    const observer = new MutationObserver(name);
    observer.observe(root, { subtree: true, childList: true, attributeFilter: ["role", "aria-pressed"] });
    name();
    return () => observer.disconnect();
  }, [t]);

  const onKeyDown = (event: KeyboardEvent) => {
    const block = event.target instanceof HTMLElement && event.target.matches(BLOCK) ? event.target : null;
    if (!block || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    choose(block.dataset.puckComponent ?? null);
  };

  return { canvas, onKeyDown };
}

/** Ids of items begin with their kind. */
function asGroup(block: HTMLElement, t: (text: string) => string) {
  const kind = block.dataset.puckComponent?.split("-")[0] ?? "";
  const wanted = { role: "group", "aria-label": t(blockName(kind).name) };
  for (const [key, value] of Object.entries(wanted)) {
    if (block.getAttribute(key) !== value) block.setAttribute(key, value);
  }
  for (const key of ["aria-pressed", "aria-grabbed", "aria-disabled"]) block.removeAttribute(key);
}
