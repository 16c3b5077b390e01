/**
 * Every page by the Tab key alone, wide and narrow: it comes by every control, once, in the order in which the page is
 * read; each shows that it has the focus and lies in sight; Shift+Tab takes the same way back. A group is gone through by
 * the arrows, a menu opens by Enter, and Escape gives the focus back to what opened something.
 */
import { CLOSED, open, OPEN, OPENED } from "./addresses.mjs";
import { ask, signIn, tell, until } from "./driver.mjs";
import { beginAtTop, focusOnWhole, keepPressed, listStops, lookAtFocus } from "./focus.mjs";

const WIDTHS = [1440, 390];

/** More often Tab is not pressed on a page. */
const MOST_PRESSES = 200;

await tell(async (page, context) => {
  const faults = [];
  await page.addInitScript(keepPressed);
  for (const place of OPEN) faults.push(...(await walk(page, place)));
  await signIn(context, JSON.parse(process.env.COOKIES));
  for (const place of [...CLOSED, ...OPENED]) faults.push(...(await walk(page, place)));
  if (faults.length) throw new Error(faults.join("\n"));
});

async function walk(page, place) {
  const faults = new Set();
  for (const width of WIDTHS) {
    await open(page, place, width);
    const told = (fault) => faults.add(`${place.name}-${width}: ${fault}`);
    const { stops, isOver } = await page.evaluate(listStops);
    // What was opened by the mouse does not show the focus yet.
    if (isOver) await page.keyboard.press("Tab");
    else await page.evaluate(beginAtTop);
    const there = await way(page, "Tab", told);
    compare(stops, there, told);
    // The other way, and within groups, the width makes no difference.
    if (width === WIDTHS[0]) await goBack(page, stops, there, told);
    if (isOver) await leave(page, told);
    else if (width === WIDTHS[0]) await goThroughGroups(page, told);
  }
  await ask({ looked: place.name });
  return faults;
}

/** The stops to which a key leads, until it leads to the first again; in the order from the first of the page. */
async function way(page, key, told) {
  const seen = [];
  let last = { stop: null };
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    const now = await page.evaluate(lookAtFocus);
    now.faults.forEach(told);
    // A field for a time has several parts.
    const hasMoved = now.stop !== null && now.stop !== last.stop;
    if (hasMoved && now.stop === seen[0]) return fromFirst(seen);
    if (hasMoved) seen.push(now.stop);
    if (key === "Tab" && now.above && now.stop > last.stop) told(`${now.above}, which it follows`);
    last = now;
    await page.keyboard.press(key);
  }
  told(`${key} never comes to an end`);
  return seen;
}

function fromFirst(seen) {
  const first = seen.indexOf(Math.min(...seen));
  return [...seen.slice(first), ...seen.slice(0, first)];
}

function named(stops, seen) {
  return seen.map((number) => stops[number].name).join(", ");
}

function compare(stops, there, told) {
  stops.forEach(({ name }, number) => {
    const times = there.filter((seen) => seen === number).length;
    if (times !== 1) told(`Tab comes ${times} times by ${name}`);
  });
  const isInOrder = there.every((number, place) => place === 0 || there[place - 1] < number);
  if (!isInOrder) told(`Tab leaves the order of the page: ${named(stops, there)}`);
}

async function goBack(page, stops, there, told) {
  const [first, ...others] = await way(page, "Shift+Tab", told);
  const back = [first, ...others.reverse()];
  const isSame = String(there) === String(back);
  if (!isSame) told(`Shift+Tab takes another way back: ${named(stops, back)}, not ${named(stops, there)}`);
}

/** What opened it has the focus again. */
async function leave(page, told) {
  // Escape hides a hint first: that of the control with the focus, or of the one under the mouse.
  await page.mouse.move(0, 0);
  await page.evaluate(focusOnWhole);
  await until("hints are gone", async () => (await page.locator("[role=tooltip]:visible").count()) === 0);
  await page.keyboard.press("Escape");
  const isBack = () => page.evaluate(() => window.pressed.includes(document.activeElement));
  await until("it gives the focus back", isBack, 5_000).catch(async () => {
    told(`Escape leaves the focus at ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120))}`);
  });
}

/** By the arrows one comes from each of a group to all the others; a menu is a group that opens by Enter. */
async function goThroughGroups(page, told) {
  for (const group of await page.locator("[role=tablist], [role=toolbar]").all()) {
    if (!(await group.isVisible())) continue;
    const key = (await group.getAttribute("aria-orientation")) === "vertical" ? "ArrowDown" : "ArrowRight";
    const members = group.locator("button:enabled, a[href]");
    await members.first().focus();
    await goThrough(page, members, key, told);
  }
  for (const opener of await page.locator("[aria-haspopup=menu]:not([aria-disabled=true])").all()) {
    if (!(await opener.isVisible())) continue;
    await opener.focus();
    await page.keyboard.press("Enter");
    const menu = page.getByRole("menu");
    await menu.waitFor();
    await goThrough(page, menu.locator("[role^=menuitem]"), "ArrowDown", told);
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    const isBack = await opener.evaluate((element) => document.activeElement === element);
    if (!isBack) told(`Escape does not lead back to ${await opener.evaluate((element) => element.outerHTML.slice(0, 120))}`);
  }
}

async function goThrough(page, members, key, told) {
  const names = [];
  const count = await members.count();
  for (let presses = 0; presses < count; presses++) {
    names.push(await page.evaluate(() => document.activeElement.textContent || document.activeElement.ariaLabel));
    await page.keyboard.press(key);
  }
  if (new Set(names).size !== count) told(`${key} leads to ${[...new Set(names)]} of ${await members.allInnerTexts()}`);
}
