/**
 * Whatever opens before a page has the focus while it is open; when it closes, what had the focus before has it again. The
 * dialogs here are shown by the pages' state, so that none knows by which control it was opened.
 */
const DIALOGS = '[role="dialog"], [role="alertdialog"]';
/** Of the page, and of each dialog. A menu that led to a dialog is gone as well by then; its button is not. */
const REMEMBERED = 8;

export function giveFocusBack(page: Document = document) {
  /** What had the focus, the last at the end. */
  let had: HTMLElement[] = [];
  const open = new Set<Element>();

  page.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const dialog = target.closest(DIALOGS);
    if (dialog) open.add(dialog);
    const before = had.filter((one) => one !== target);
    // However many controls a dialog has, what opened it is remembered.
    const forgotten = before.filter((one) => one.closest(DIALOGS) === dialog).slice(0, 1 - REMEMBERED);
    had = [...before.filter((one) => !forgotten.includes(one)), target];
  });

  const look = () => {
    const closed = [...open].filter((dialog) => !dialog.isConnected);
    if (closed.length === 0) return;
    closed.forEach((dialog) => open.delete(dialog));
    // Whoever closed it may have handed the focus on.
    if (page.activeElement && page.activeElement !== page.body) return;
    had.findLast((one) => one.isConnected && !one.matches("[data-tabster-dummy]"))?.focus();
  };
  new MutationObserver(() => open.size > 0 && queueMicrotask(look)).observe(page.body, { childList: true, subtree: true });
}
