/**
 * The two hands by which a page can be worked: the mouse, which points and drags, and the keyboard, which goes from one
 * control to the next and never points.
 */
import { until } from "./driver.mjs";

/** How often Tab is pressed at most until a control has the focus. */
const MOST_PRESSES = 120;

/** Presses a control. */
export const mouse = {
  name: "mouse",
  press: (page, control) => control.click(),
  /** Puts a block of the drawer below the last block of the canvas. */
  async put(page, name) {
    const block = page.getByRole("button", { name: new RegExp(`^${name}`) });
    const canvas = page.getByRole("region", { name: "Canvas" });
    const last = canvas.getByRole("group").last();
    await block.scrollIntoViewIfNeeded();
    if ((await last.count()) > 0) await drag(page, block, last);
    else await drag(page, block, canvas, 0.5);
  },
  into: (page, control) => control.click(),
  choose: (page, radio) => radio.check(),
  async enter(page, control, text) {
    await control.click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  },
};

export const keyboard = {
  name: "keyboard",
  /** A switch takes the space bar, whatever leads on takes Enter too. What is not ready is waited for, as a mouse does. */
  async press(page, control) {
    await reach(page, control);
    await until("the control is ready", async () => (await control.getAttribute("aria-disabled")) !== "true");
    const isSwitch = (await control.getAttribute("role")) === "switch";
    await page.keyboard.press(isSwitch ? "Space" : "Enter");
  },
  put: (page, name) => keyboard.press(page, page.getByRole("button", { name: `Add ${name}`, exact: true })),
  into: reach,
  /** One of a group has the focus; the arrows choose another. */
  async choose(page, radio) {
    const group = radio.locator("xpath=ancestor::*[@role='radiogroup']");
    await reach(page, group.getByRole("radio", { checked: true }));
    for (let presses = 0; presses < 10 && !(await radio.isChecked()); presses++) await page.keyboard.press("ArrowDown");
  },
  async enter(page, control, text) {
    await reach(page, control);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  },
};

/** Goes there by Tab, or back if that is shorter, and within a group of tabs or tools by the arrows, as such are worked. */
async function reach(page, control) {
  await control.waitFor();
  const seen = [];
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    const way = await wayTo(control);
    if (way === "there") return;
    await page.keyboard.press(way);
    seen.push(await page.evaluate(nameOfFocused));
  }
  throw new Error(`the keyboard does not lead to ${control} but to ${seen.slice(-8).join(", ")}`);
}

const nameOfFocused = () => {
  const { tagName, ariaLabel, textContent } = document.activeElement;
  return `${tagName} ${ariaLabel ?? textContent.slice(0, 20)}`;
};

/** The key that comes nearer. */
const wayTo = (control) =>
  control.evaluate((element) => {
    const now = document.activeElement;
    if (now === element) return "there";
    const group = element.closest('[role="tablist"], [role="toolbar"]');
    if (group?.contains(now)) return "ArrowRight";
    const isBefore = now.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
    return isBefore ? "Shift+Tab" : "Tab";
  });

/** As a hand does: not in one leap. To the lower edge of something, or to a part of its height. */
export async function drag(page, what, onto, part = 1) {
  const from = await what.boundingBox();
  const to = await onto.boundingBox();
  const end = to.y + to.height * part;
  await page.mouse.move(from.x + 24, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + from.height / 2, { steps: 5 });
  await page.mouse.move(to.x + to.width / 2, end - 4, { steps: 20 });
  await page.mouse.move(to.x + to.width / 2, end + 2, { steps: 5 });
  await page.mouse.up();
}
