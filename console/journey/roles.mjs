/**
 * Every role in a browser of its own: what it may not do is not there, what it may not open says so and shows nothing, no
 * page asks the server for what is refused; and each role does what it is for.
 */
import { deeds } from "./deeds.mjs";
import { ask, tell, until } from "./driver.mjs";
import { DESTINATIONS, PLACES } from "./permitted.mjs";

const { CONSOLE: console_, TENANT: tenant, MEMBERS: members } = process.env;

/** Longest time in which a page is whole. */
const LOADED_MS = 20_000;

/** What one can act with. */
const CONTROLS = "button|link|switch|textbox|searchbox|combobox|checkbox|radio|spinbutton|tab|menuitem|treeitem";

await tell(async (_, __, visitor) => {
  const faults = [];
  const of = {};
  for (const [role, { cookies, permits }] of Object.entries(JSON.parse(members))) {
    const member = { role, ...(await visitor(cookies)), faults };
    of[role] = member;
    // Some acts are a role's own.
    const may = (needs) => needs.every((need) => need === role || permits.includes(need));
    watch(member);
    await seeNavigation(member, may);
    for (const place of PLACES) {
      if (may(place.needs)) await see(member, place, may);
      else if (!place.open) await findClosed(member, place);
    }
    // It asks for no more meanwhile.
    await member.page.goto("about:blank");
    await ask({ saw: role });
  }
  if (faults.length) throw new Error(faults.join("\n"));
  for (const [role, act] of deeds) {
    await act(of[role].page);
    await ask({ did: role });
  }
  if (faults.length) throw new Error(faults.join("\n"));
});

/** Whatever is refused to a page is a fault of the page. */
function watch({ role, page, faults }) {
  page.on("response", (answer) => {
    const refused = answer.url().includes("/api/") && [401, 403].includes(answer.status());
    if (refused) faults.push(`${role}: ${answer.status()} to ${answer.request().method()} ${answer.url()} of ${page.url()}`);
  });
}

async function seeNavigation({ role, page, faults }, may) {
  await page.goto(`${console_}/t/${tenant}`);
  const shown = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
  await shown.first().waitFor();
  const names = await shown.allInnerTexts();
  const expected = Object.keys(DESTINATIONS).filter((name) => may(DESTINATIONS[name]));
  if (String(names) !== String(expected)) faults.push(`${role}: the navigation leads to ${names}, not to ${expected}`);
}

/** Opens a page, and what is to be opened on it; what can be done there is what the role may do. */
async function see({ role, page, faults }, { name, path, open, within = "main", acts }, may) {
  await walk(page, path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const opened = await Promise.resolve(open?.(page)).catch((error) => error);
  if (opened) return void faults.push(`${role}, ${name}: it does not open: ${opened.message}`);
  const expected = Object.keys(acts).filter((act) => may(acts[act]));
  let tooMuch, tooLittle;
  const isSo = async () => {
    // Some pages ask again and again.
    await page.waitForLoadState("networkidle", { timeout: 2_000 }).catch(() => {});
    const shown = await controlsOf(page.locator(within).last());
    tooMuch = shown.filter((act) => !expected.some((wanted) => isAs(act, wanted)));
    tooLittle = expected.filter((wanted) => !shown.some((act) => isAs(act, wanted)));
    return tooMuch.length + tooLittle.length === 0;
  };
  await until(name, isSo, LOADED_MS).catch((error) => {
    faults.push(`${role}, ${name}: too much: [${tooMuch}]; too little: [${tooLittle}] (${error.message})`);
  });
  for (const notice of await page.getByRole("alert").allInnerTexts()) faults.push(`${role}, ${name}: ${notice}`);
  if (within !== "main") await page.keyboard.press("Escape");
}

/** To another page of the console, as by a link of it. */
async function walk(page, path) {
  const address = `${console_}/t/${tenant}${path}`;
  if (page.url() === address) return;
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);
}

/** A name in the table may end in an ellipsis. */
function isAs(act, wanted) {
  return act === wanted || (wanted.endsWith('…"') && act.startsWith(wanted.slice(0, -2)));
}

/** Every control that can be used, as a screen reader names it, once each. */
async function controlsOf(part) {
  const lines = (await part.ariaSnapshot()).split("\n");
  const found = lines.map((line) => new RegExp(`- '?((?:${CONTROLS}) ".*?")(?=[ :']|$)(?!.*\\[disabled\\])`).exec(line)?.[1]);
  const locked = await part.locator("[readonly]").evaluateAll((fields) => fields.map((one) => `textbox "${one.ariaLabel}"`));
  // The account's own begins with whose it is.
  const named = found.map((act) => act?.replace(/^button "\w+, account of /, 'button "Account of '));
  // Part of the field before it.
  const isPart = (act) => /^button "Open( Groups| People)?"$/.test(act);
  return [...new Set(named.filter((act) => act && !locked.includes(act) && !isPart(act)))];
}

/** An address that is typed in leads to a notice, without a word of what would be there. */
async function findClosed({ role, page, faults }, { name, path }) {
  await page.goto(`${console_}/t/${tenant}${path}`);
  const heading = page.getByRole("heading", { level: 1 });
  await heading.waitFor();
  await page.waitForLoadState("networkidle");
  const shown = [await heading.innerText(), ...(await controlsOf(page.locator("main")))];
  const expected = ["This page is not open to you", 'link "Contoso"', 'link "Go to the start"'];
  if (String(shown) !== String(expected)) faults.push(`${role}, ${name}: is closed and shows ${shown}`);
}
