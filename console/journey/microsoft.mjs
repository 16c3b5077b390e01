/**
 * Signing in with Microsoft as people do it: an account is linked, opens the console, is asked of everybody; and whoever
 * has only a password is told what to do, and does it.
 */
import { ask, picture, tell } from "./driver.mjs";

const { CONSOLE: console_, MEMBERS: members, PASSWORD: password } = process.env;
const OWNER = "owner@contoso.example";
const EDITOR = "editor@contoso.example";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const shows = (page, text) => page.getByText(text).first().waitFor();
const heading = (page, name) => page.getByRole("heading", { name }).waitFor();

await tell(async (page, context, visitor) => {
  const own = async (role) => {
    const { page: opened, context: of } = await visitor(JSON.parse(members)[role]);
    await comeBack(of);
    return opened;
  };
  await comeBack(context);
  const owner = await own("owner");
  const editor = await own("editor");
  await beUnknown(page);
  await link(owner, "Ada Vance");
  await enter(page, "Ada Vance", OWNER);
  await picture(page, "entered");
  await requireIt(page);
  await picture(page, "required");
  await beTold(editor);
  await picture(editor, "told");
  const { page: anew, context: newer } = await visitor();
  await comeBack(newer);
  await byPassword(anew);
  await link(anew, "Bo Lind");
  await signOut(anew);
  await enter(anew, "Bo Lind");
});

/** Microsoft leads back to an address that was known before anybody knew the console's port. */
async function comeBack(context) {
  await context.route("http://127.0.0.1:1/signed-in**", (route) => {
    const { pathname, search } = new URL(route.request().url());
    return route.fulfill({ status: 302, headers: { Location: `${console_}${pathname}${search}` } });
  });
}

/** On the page of Microsoft's, where one says who one is. */
async function choose(page, name) {
  await page.getByRole("heading", { name: "Pick an account" }).waitFor();
  await page.getByRole("link", { name, exact: true }).first().click();
}

async function beUnknown(page) {
  await page.goto(`${console_}/sign-in`);
  await button(page, "Sign in with Microsoft").click();
  await choose(page, "Ada Vance");
  await heading(page, "This Microsoft account is new here");
  await shows(page, /^Sign in with your password, then link your Microsoft account/);
  await page.getByRole("link", { name: "I have an account already" }).click();
  await heading(page, "Sign in");
}

async function link(page, name) {
  await page.goto(`${console_}/account`);
  await button(page, "Link a Microsoft account").click();
  await choose(page, name);
  await shows(page, /^Linked with an account of/);
}

/** With a code by mail where the device is new and the organisation does not answer for its people. */
async function enter(page, name, email) {
  await page.goto(`${console_}/sign-in`);
  await button(page, "Sign in with Microsoft").click();
  await choose(page, name);
  if (email) await typeCode(page, email);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Signatures" }).waitFor();
}

async function typeCode(page, email) {
  await page.getByLabel("Code").first().waitFor();
  const { code } = await ask({ code: email });
  await page.keyboard.type(code);
}

/** Nobody asks for it who has not come in by it, and is there. */
async function requireIt(page) {
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("tab", { name: "Sign-in" }).click();
  const everybody = page.getByRole("checkbox", { name: /^Everybody signs in with Microsoft/ });
  const nobodyElse = async () => {
    await everybody.check();
    await page.getByRole("checkbox", { name: /asked for no further code$/ }).check();
    await button(page, "Save").click();
  };
  await nobodyElse();
  await button(page, "Confirm with Microsoft").click();
  await choose(page, "Ada Vance");
  await page.getByRole("tab", { name: "Sign-in" }).click();
  await nobodyElse();
  await shows(page, "Everybody signs in this way from now on");
}

async function beTold(page) {
  await page.goto(`${console_}/t/contoso/signatures`);
  await heading(page, "Contoso asks for Microsoft");
  await shows(page, /Link yours under “Your account” if you have not yet\.$/);
  await button(page, "Sign in with Microsoft").waitFor();
}

/** The password still opens one's own account, and nothing of the organisation. */
async function byPassword(page) {
  await page.goto(`${console_}/sign-in`);
  await page.getByLabel("E-mail address").fill(EDITOR);
  await page.getByLabel(/^Password/).first().fill(password);
  await page.keyboard.press("Enter");
  await typeCode(page, EDITOR);
  await heading(page, "Contoso asks for Microsoft");
  await page.getByRole("link", { name: "Your account" }).click();
  await heading(page, "Your account");
}

async function signOut(page) {
  await page.evaluate(() => fetch("/api/v1/sign-out", { method: "POST" }));
}
