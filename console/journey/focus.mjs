/**
 * Where the focus can go, asked of the page itself: what is told here runs in the page.
 *
 * A stop is where Tab halts: a control, or a group of which it takes one and the arrows the others (a row of tabs, the
 * choices of a question).
 */

/** Lists the stops that there should be, in the order in which the page is read. What is open over it is all there is. */
export function listStops() {
  const CONTROL = [
    "a[href], button, input, select, textarea, summary, [contenteditable='true'], [tabindex='0']",
    ...["button", "link", "switch", "tab", "checkbox", "radio", "combobox", "slider", "spinbutton", "textbox"].map((role) => `[role=${role}]`),
  ].join();
  const GROUP = "[role=tablist], [role=toolbar], [role=radiogroup], [role=tree], [role=listbox], [role=menu]";
  const scope = [...document.querySelectorAll("[role=dialog][aria-modal=true], [role=alertdialog]")].at(-1) ?? document.body;
  const isThere = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getClientRects().length > 0 &&
    !element.closest("[aria-hidden=true], [inert], [data-tabster-dummy]");
  const isUsable = (element) => !element.matches(":disabled, [type=hidden]");
  /** A button in a field does what a key does in it: arrows, Escape. */
  const isOfField = (element) =>
    element.tabIndex < 0 && element.parentElement.closest(":has(> [role=combobox], > [role=spinbutton], > [type=search])");
  /** A control in a control is worked by the outer one. */
  const isOuter = (element) => !element.parentElement.closest("a[href], button");
  const controls = [...scope.querySelectorAll(CONTROL)].filter(
    (element) => isThere(element) && isUsable(element) && !isOfField(element) && isOuter(element),
  );
  const radios = (element) => element.type === "radio" && element.name && `radio ${element.name}`;
  const groupOf = (element) => element.closest(GROUP) ?? (radios(element) || element);
  const nameOf = (element) => {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
    const name = element.ariaLabel || labels || element.title || element.textContent || element.placeholder || "";
    return `${element.role || element.tagName.toLowerCase()} "${name.trim().slice(0, 40)}"`;
  };
  const lookOf = (element) => {
    const looks = [];
    for (let part = element, up = 0; part && up < 4; part = part.parentElement, up++) {
      for (const pseudo of [null, "::before", "::after"]) {
        const { outline, boxShadow, border, backgroundColor, textDecorationLine, transform, opacity } = getComputedStyle(part, pseudo);
        looks.push(outline, boxShadow, border, backgroundColor, textDecorationLine, transform, opacity);
      }
    }
    return looks.join();
  };
  const stops = [...new Set(controls.map(groupOf))];
  window.walked = { controls, stops, groupOf, nameOf, lookOf };
  const named = (stop) => ({ name: nameOf(controls.find((one) => groupOf(one) === stop)) });
  return { stops: stops.map(named), isOver: scope !== document.body };
}

/** Puts the focus before everything, where it is when a page has come. */
export function beginAtTop() {
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
}

/**
 * The stop at which the focus is, by its number in the list, and what is wrong with it and with the one before; nothing
 * where the focus is nowhere.
 */
export async function lookAtFocus() {
  const { stops, groupOf, nameOf, lookOf, last } = window.walked;
  // A guard at an edge hands the focus on in a moment.
  const isHandedOn = () => document.activeElement?.matches("body, [data-tabster-dummy]");
  for (let frames = 0; frames < 10 && isHandedOn(); frames++) await new Promise(requestAnimationFrame);
  const element = document.activeElement;
  const faults = [];
  if (last?.element.isConnected && last.element !== element && lookOf(last.element) === last.look) {
    faults.push(`${last.name} does not show that it has the focus`);
  }
  const isNowhere = !element || element.matches("body, [data-tabster-dummy], [role=dialog], [role=alertdialog]");
  window.walked.last = isNowhere ? null : { element, name: nameOf(element), look: lookOf(element) };
  if (isNowhere) return { stop: null, faults };
  const name = nameOf(element);
  const box = element.getBoundingClientRect();
  const across = [0.1, 0.5, 0.9];
  const points = across.flatMap((x) => across.map((y) => [box.left + box.width * x, box.top + box.height * y]));
  const isOn = ([x, y]) => {
    const top = document.elementFromPoint(x, y);
    // A label is as good as its field, and a field may be drawn by what is around it.
    return top && (top.contains(element) || element.parentElement.contains(top) || top.control === element);
  };
  if (!points.some(isOn)) faults.push(`${name} is covered or out of sight`);
  const isScrolled = element.scrollHeight > element.clientHeight && /auto|scroll/.test(getComputedStyle(element).overflowY);
  const stop = stops.indexOf(groupOf(element));
  if (stop < 0 && !isScrolled) faults.push(`${name} is no control`);
  const before = last?.element.isConnected && last.element.getBoundingClientRect();
  // The tools of a block hang above it.
  const isAbove = before && box.bottom <= before.top && box.left < before.right && !element.closest("[role=toolbar]");
  return { stop: stop < 0 ? null : stop, faults, above: isAbove ? `${name} stands above ${last.name}` : null };
}

/** Takes the focus from the controls of what is open, and gives it to the whole. */
export function focusOnWhole() {
  const whole = [...document.querySelectorAll("[role=dialog][aria-modal=true], [role=alertdialog]")].at(-1);
  whole.tabIndex = -1;
  whole.focus();
}

/** Keeps what the mouse pressed. */
export function keepPressed() {
  window.pressed = [];
  const keep = ({ target }) => window.pressed.push(target.closest("button, [role]"));
  window.addEventListener("pointerdown", keep, true);
}
