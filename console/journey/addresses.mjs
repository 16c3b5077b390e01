/** Every page of the console, and what can be opened on it. */
import { settled } from "./driver.mjs";

const { CONSOLE: console_, TENANT: tenant } = process.env;

const page = (name, path) => ({ name, path });
const own = (name, path, open) => ({ name, path: `/t/${tenant}${path}`, open });

const press = (name) => (page) => page.getByRole("button", { name }).first().click();
const choose = (name) => (page) => page.getByRole("tab", { name }).click();
/** One thing after the other. */
const steps =
  (...all) =>
  async (page) => {
    for (const one of all) await one(page);
  };
/** What a narrow window alone has. */
const ifNarrow = (role, name) => async (page) => {
  const control = page.getByRole(role, { name });
  if (await control.isVisible()) await control.click();
};
/** Something of a menu. */
const pick = (menu, name) => steps(press(menu), (page) => page.getByRole("menuitem", { name }).click());
const appears = (text) => (page) => page.getByText(text).first().waitFor();
/** Signatures that are compared are there. */
const drawn = (page) => page.locator('[role="dialog"] iframe').last().waitFor();

const pressBlock = (page) => page.getByRole("region", { name: "Canvas" }).getByRole("group").first().click();

/** For whoever is not signed in. */
export const OPEN = [
  page("sign-in", "/sign-in"),
  page("sign-up", "/sign-up"),
  page("forgot-password", "/forgot-password"),
  page("verify-email", "/verify-email#t"),
  page("reset-password", "/reset-password#t"),
  page("invitation", "/invitation#t"),
  page("security", "/security"),
  page("signed-in", "/signed-in?error=access_denied"),
];

/** For a member of the tenant. */
export const CLOSED = [
  own("home", ""),
  own("signatures", "/signatures"),
  own("templates", "/templates"),
  own("brand", "/brand"),
  own("import", "/import"),
  own("editor", "/signatures/standard"),
  own("tester", "/tester"),
  own("directory", "/directory"),
  own("flow", "/flow"),
  own("messages", "/mail"),
  own("connection", "/connect"),
  own("test-cases", "/tester#cases"),
  own("team", "/team"),
  own("audit", "/audit"),
  own("settings", "/settings"),
  own("guide", "/guide"),
  page("account", "/account"),
  page("consent", "/consent?state=x&error=access_denied"),
];

/** What opens on such a page. */
export const OPENED = [
  own("navigation", "", ifNarrow("button", "Open the navigation")),
  own("mode", "", steps(press(/^Mode: /), appears("Observe"))),
  own("new-folder", "/signatures", press("New folder")),
  own("rename", "/signatures", pick("More for Standard", "Rename")),
  own("failing-cases", "/signatures", async (page) => {
    await page.getByRole("switch", { name: /^Use / }).first().click();
    await page.getByRole("heading", { name: "Test cases would fail" }).waitFor();
  }),
  own("who-gets-it", "/signatures/standard", choose("Who gets it")),
  own("outline", "/signatures/standard", steps(choose("Blocks"), choose("Outline"))),
  own("preview", "/signatures/standard", ifNarrow("tab", "Preview")),
  own("block", "/signatures/standard", steps(pressBlock, ifNarrow("tab", "Settings"))),
  own("draft-review", "/signatures/standard", steps(press("See what changes"), drawn)),
  own("history", "/signatures/standard", steps(press("History"), press("Look at it"), drawn)),
  own("person", "/directory", steps(press(/Put right by hand/), appears(/^The directory says: /))),
  own("groups", "/directory", choose("Groups")),
  own("csv-file", "/directory", choose("CSV file")),
  own("numbers", "/flow", steps(press("Show the numbers"), (page) => page.getByRole("table").first().waitFor())),
  own("message", "/mail", steps(press(/^Details of the message/), appears("Your server said"))),
  own("domain", "/connect", press(/: Your domain/)),
  own("consent-wanted", "/connect", press(/: Directory at Microsoft/)),
  own("certificate", "/connect", press(/: Certificate/)),
  own("exchange", "/connect", press(/: Connectors and rules/)),
  own("tokens", "/team", choose("API tokens")),
  own("new-token", "/team", steps(choose("API tokens"), press("Make a token"))),
  own("rules-of-signing-in", "/team", choose("Sign-in")),
  own("invite", "/team", press("Invite")),
  own("leaving", "/settings", press(/^Leave /)),
];

const HEIGHTS = { 1440: 900, 390: 844 };

/** Opens a page anew, in a window of this width, and what is to be opened on it. */
export async function open(page, { path, open }, width) {
  await page.setViewportSize({ width, height: HEIGHTS[width] });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  // An address that differs in its fragment alone would not be loaded.
  await page.goto("about:blank");
  await page.goto(`${console_}${path}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await settled(page);
  await open?.(page);
  await settled(page);
}
