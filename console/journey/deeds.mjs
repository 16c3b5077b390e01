/**
 * What each role is for, done in the console: one draws, another publishes it, others look, and those who run the
 * organisation run it.
 */
import { readFile } from "node:fs/promises";
import { until } from "./driver.mjs";

const { CONSOLE: console_, TENANT: tenant, TO: to } = process.env;

const button = (page, name) => page.getByRole("button", { name, exact: true });
const shows = (page, text) => page.getByText(text).first().waitFor();
const here = (page, name) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
const start = (page) => page.goto(`${console_}/t/${tenant}`);

/** In this order: each finds what those before it have done. */
export const deeds = [
  ["designer", draw],
  ["editor", publish],
  ["auditor", proveIt],
  ["support", answerWhy],
  ["administrator", run],
  ["owner", settle],
];

async function draw(page) {
  await start(page);
  await here(page, "Signatures");
  await page.getByRole("link", { name: "New signature" }).click();
  await page.getByRole("button", { name: "Use this design: Ledger" }).click();
  await page.getByRole("button", { name: "Add Line" }).click();
  await button(page, "Ask for publishing").click();
  await page.getByLabel("A word to it").fill("For the fair");
  await button(page, "Ask").click();
  await shows(page, "Waiting to be published");
  if (await button(page, "Publish").count()) throw new Error("a designer publishes");
}

async function publish(page) {
  await start(page);
  await here(page, "Signatures");
  await page.getByRole("link", { name: "Ledger" }).click();
  await shows(page, "“For the fair”");
  await button(page, "Publish").click();
  await shows(page, /^Published$/);
  await page.getByRole("link", { name: "Signatures" }).click();
  await page.getByRole("switch", { name: "Use Ledger" }).waitFor();
  await bring(page);
}

/** A message of Ada's, as Outlook writes it, becomes a signature that is everybody's. */
async function bring(page) {
  await page.getByRole("link", { name: "Import" }).click();
  await page.getByLabel("Messages or signature files").setInputFiles(new URL("ada.eml", import.meta.url).pathname);
  await button(page, "Make the signature").click();
  const canvas = page.getByRole("region", { name: "Canvas" });
  for (const text of ["Display name", "Job title", "contoso.example"]) await shows(canvas, text);
  const shown = await canvas.innerText();
  if (/Ada|Engineer|Dear Bob|Thursday/.test(shown)) throw new Error(`the signature that was brought says ${shown}`);
  const logo = canvas.getByRole("img", { name: "Contoso" });
  await until("the logo is drawn", () => logo.evaluate(({ naturalWidth }) => naturalWidth === 120));
}

async function proveIt(page) {
  await start(page);
  await here(page, "Audit log");
  await shows(page, /^Unbroken since/);
  await button(page, "Export").click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  const csv = await readFile(await (await saved).path(), "utf8");
  if (!csv.includes("editor@contoso.example") || !csv.includes("ledger")) throw new Error(`the trail says ${csv}`);
  await seeWhy(page);
}

async function answerWhy(page) {
  await start(page);
  await seeWhy(page);
  await here(page, "Tester");
  await page.getByRole("combobox", { name: "Who writes" }).click();
  await page.getByRole("option", { name: /^Ada Vance/ }).click();
  await page.getByRole("textbox", { name: "To", exact: true }).fill(to);
  await button(page, "What happens?").click();
  await shows(page, "It is signed");
}

/** Finds what was sent to somebody, and looks into one of them. */
async function seeWhy(page) {
  await here(page, "Messages");
  await page.getByLabel("Address or Message-ID").fill(to);
  await button(page, "Search").click();
  await page.getByRole("button", { name: /^Details of the message from/ }).first().click();
  await shows(page, "Your server said");
}

async function run(page) {
  await start(page);
  await button(page, "Mode: Live. Change it").click();
  await page.getByRole("radio", { name: /^Observe/ }).check();
  await page.getByRole("button", { name: /^Switch to/ }).click();
  await button(page, "Mode: Observe. Change it").waitFor();
  await here(page, "Team");
  await button(page, "Invite").click();
  const dialog = page.getByRole("dialog");
  if (await dialog.getByRole("radio", { name: /^Owner/ }).count()) throw new Error("an administrator makes owners");
  await dialog.getByLabel("E-mail address").fill(to);
  await button(page, "Send the invitation").click();
  await page.getByRole("list", { name: "Open invitations" }).getByText(to).waitFor();
}

async function settle(page) {
  await start(page);
  await here(page, "Settings");
  await page.getByLabel("Name", { exact: true }).fill("Contoso Holding");
  await button(page, "Save").click();
  await shows(page, "The settings are saved");
  await page.getByRole("complementary").getByText("Contoso Holding").waitFor();
}
