/**
 * The whole way of a new administrator: sign up, connect Microsoft 365, take a design, change it, say who gets it, try it
 * with a real message, switch on, and see a signed message in the trace.
 */
import { ask, picture, tell, until } from "./driver.mjs";
import { drag, keyboard } from "./hands.mjs";

const { CONSOLE: console_, REGISTRAR: registrar, CERTIFICATE: certificate, KEY: key, MESSAGE: message } = process.env;
const EMAIL = "ada@northwind.example";
const PASSWORD = "wet-otter-81-plumb";

const button = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" });
const fill = (page, label, text) => page.getByLabel(label).first().fill(text);
const shows = (page, text) => page.getByText(text).first().waitFor();
const to = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

await tell(async (page, context) => {
  // Microsoft sends the browser back to the console; which port that has nobody knew when it was configured.
  await context.route("https://console.example/**", (route) => {
    const { pathname, search } = new URL(route.request().url());
    return route.fulfill({ status: 302, headers: { Location: `${console_}${pathname}${search}` } });
  });
  const chapters = [signUp, signIn, connect, takeDesign, changeDesign, sayWhoGetsIt, publish, tryIt, switchOn, seeItTraced];
  for (const chapter of chapters) {
    await chapter(page, context);
    await picture(page, chapter.name);
  }
});

async function signUp(page) {
  await page.goto(`${console_}/sign-up`);
  await fill(page, "First name", "Ada");
  await fill(page, "Last name", "Vance");
  await fill(page, "Organisation", "Northwind");
  await fill(page, "E-mail address", EMAIL);
  await fill(page, "Telephone number", "+31 20 123 4567");
  await fill(page, /^Password/, PASSWORD);
  await button(page, "Continue").click();
  await fill(page, "Address line 1", "Keizersgracht 1");
  await fill(page, "Town or city", "Amsterdam");
  await page.getByLabel("Country").first().selectOption("NL");
  await button(page, "Create the account").click();
  await shows(page, "Look into your mailbox");
  const { text } = await ask({ mail: "verify" });
  const token = /verify-email#(\S+)/.exec(text)[1];
  await page.goto(`${console_}/verify-email#${token}`);
  await button(page, "Confirm my address").click();
  await shows(page, "Your address is confirmed");
}

async function signIn(page) {
  await page.goto(`${console_}/sign-in`);
  await fill(page, "E-mail address", EMAIL);
  await fill(page, /^Password/, PASSWORD);
  await page.keyboard.press("Enter");
  const { text } = await ask({ mail: "code" });
  await page.getByLabel("Code").first().waitFor();
  await page.keyboard.type(/^\s*(\d{6})\s*$/m.exec(text)[1]);
  await page.getByRole("navigation").getByRole("link", { name: "Signatures" }).waitFor();
}

async function connect(page, context) {
  await to(page, "Connection");
  await fill(page, "A domain of your e-mail addresses", "northwind.example");
  await button(page, "Show the record").click();
  const record = await page.getByText(/^signet-domain=/).first().innerText();
  const dns = await context.newPage();
  await dns.goto(registrar);
  await dns.getByLabel("Text").fill(record);
  await dns.getByRole("button").click();
  await dns.getByText("It is set.").waitFor();
  await dns.close();
  await button(page, "Check now").click();

  // The directory is read within a trial, which somebody begins.
  await button(page, "Start the free trial").click();
  await button(page, "Consent at Microsoft").click();
  await shows(page, "The consent is there");
  await page.getByRole("link", { name: "Go on" }).click();

  await page.getByLabel("Certificate and key").setInputFiles([certificate, key]);
  await button(page, "Check and use it").click();
  await shows(page, "The certificate is in use");
  await shows(page, /New-OutboundConnector/);
  await button(page, "I have run it").click();
  await shows(page, /Waiting for the first message/);
  await ask({ send: "First" });
  await shows(page, /The newest message came through/);
}

async function takeDesign(page) {
  await to(page, "Signatures");
  await page.getByRole("link", { name: "New signature" }).or(button(page, "New signature")).first().click();
  await page.getByRole("button", { name: /^Use this design/ }).first().click();
  await button(page, "Publish").waitFor();
}

/** Once by the mouse and once by the keyboard alone. */
async function changeDesign(page) {
  const canvas = page.getByRole("region", { name: "Canvas" });
  await drag(page, page.getByRole("button", { name: /^Disclaimer/ }), canvas.getByRole("group", { name: "Columns" }).first());
  await canvas.getByRole("group", { name: "Disclaimer" }).waitFor();

  await page.getByRole("tab", { name: "Blocks", exact: true }).focus();
  await keyboard.press(page, button(page, "Add Line"));
  await canvas.getByRole("group", { name: "Line" }).waitFor();

  await page.getByRole("tab", { name: "Outline" }).click();
  const outline = page.getByRole("tree", { name: "Blocks of the signature" });
  for (const name of [/^Columns/, /^Disclaimer/, /^Line/]) await outline.getByRole("treeitem", { name }).first().waitFor();
  await shows(page, "Draft, not published");
}

async function sayWhoGetsIt(page) {
  await page.getByRole("tab", { name: "Who gets it" }).click();
  await page.getByRole("button", { name: /^Recipients/ }).click();
  await page.getByRole("radiogroup", { name: "They are" }).getByRole("radio", { name: /outside/i }).check();
}

async function publish(page) {
  await page.getByRole("switch", { name: "Mail is signed with it" }).click();
  await button(page, "Publish").click();
  await shows(page, /^Published$/);
}

/** Outside it is signed with it, inside it is not. */
async function tryIt(page) {
  const signature = await page.getByRole("heading", { level: 1 }).innerText();
  await page.getByRole("link", { name: "Signatures" }).click();
  await to(page, "Tester");
  await page.getByRole("tab", { name: "Use a real one" }).click();
  await page.getByLabel("Message", { exact: true }).setInputFiles(message);
  await page.getByLabel("Who gets it").fill("bob@fabrikam.example\nbo@northwind.example");
  await button(page, "What happens?").click();
  await shows(page, `The mode is observe: nothing is changed. Without that: ${signature}.`);
  await shows(page, "No signature applies to it.");
}

async function switchOn(page) {
  await page.getByRole("button", { name: /^Mode:/ }).click();
  await page.getByRole("radio", { name: /^Live/ }).check();
  await page.getByRole("button", { name: /^Switch to/ }).click();
  await page.getByRole("button", { name: /^Mode: Live/ }).waitFor();
  let number = 0;
  await until("it is signed", async () => {
    const { arrived } = await ask({ send: `Live ${++number}` });
    return arrived.includes("northstar.example");
  });
}

async function seeItTraced(page) {
  await to(page, "Messages");
  const signed = page.getByRole("listitem").getByText(/^Signed/).first();
  // Its record follows the message within seconds.
  await until("it is traced", async () => {
    await button(page, "Search").click();
    await button(page, "Search").waitFor();
    return signed.isVisible();
  });
}
