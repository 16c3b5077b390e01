/**
 * A real browser for the journey, and what the world around it does when it is asked: who reads the mail, who sends one
 * through the edge. A line of JSON goes out, a line of JSON comes back.
 */
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const PATIENCE_MS = 30_000;

const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();

/** Asks the world for something and waits until it is done. */
export async function ask(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error(`nobody answers ${JSON.stringify(what)}`);
  return JSON.parse(value);
}

/**
 * Runs a story in a browser of its own. What the pages complain of is part of it: an error in the console or a picture
 * of the end are worth more than a time-out.
 */
export async function tell(story) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  try {
    await story(page, context);
    if (complaints.length) throw new Error(`the pages complain: ${complaints.join("\n")}`);
    await ask({ ended: "well" });
  } catch (error) {
    await picture(page, "end");
    const shown = await page.locator("body").ariaSnapshot().catch(() => "");
    await ask({ ended: `${error.message}\nat ${page.url()}\n${complaints.join("\n")}\n${shown}` });
  } finally {
    await browser.close();
    lines.close();
  }
}

/** Tries until it is so. */
export async function until(what, isSo) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
}

/** Takes a picture of a page, for who says where to put it. */
export async function picture(page, name) {
  const folder = process.env.JOURNEY_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
