/**
 * A real browser for the journey, and what the world around it does when it is asked: who reads the mail, who sends one
 * through the edge. A line of JSON goes out, a line of JSON comes back.
 */
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const PATIENCE_MS = 30_000;
/** From one look at what is waited for to the next. */
const PAUSE_MS = 20;
/** Longest that a story asks for nothing. A page that hangs keeps keys and scripts waiting, which know no end of their own. */
const SILENCE_MS = 160_000;

const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();

/** Since when the story is at it itself, and at what. */
let since = Date.now();
let doing = "the beginning";

/** Says what comes now, for whoever has to find out where a story hangs. */
export function now(what) {
  doing = what;
  console.error(`${((Date.now() - since) / 1000).toFixed(1)} s: ${what}`);
}

/** Asks the world for something and waits until it is done. */
export async function ask(what) {
  since = Infinity;
  process.stdout.write(`${JSON.stringify(what)}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error(`nobody answers ${JSON.stringify(what)}`);
  since = Date.now();
  return JSON.parse(value);
}

/**
 * Runs a story in a browser of its own; it may ask for more of them. What the pages complain of is part of it: an error in
 * the console or a picture of the end are worth more than a time-out.
 */
export async function tell(story) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const complaints = [];
  const { page, context } = await visitor(browser, complaints);
  try {
    const told = story(page, context, (cookies) => visitor(browser, complaints, cookies));
    await Promise.race([told, silence()]);
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

/** Fails once a story has asked for nothing for too long. */
async function silence() {
  while (Date.now() - since < SILENCE_MS) await new Promise((resolve) => setTimeout(resolve, 1_000).unref());
  throw new Error(`nothing goes on: ${doing}`);
}

/** A browser of its own for somebody, who has these cookies. */
async function visitor(browser, complaints, cookies = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  context.setDefaultTimeout(PATIENCE_MS);
  await signIn(context, cookies);
  const page = await context.newPage();
  unanswered.set(page, follow(page));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  return { page, context };
}

/** What each page has asked for and not yet got. */
const unanswered = new WeakMap();

function follow(page) {
  const requests = new Set();
  page.on("request", (request) => requests.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => requests.delete(request));
  return requests;
}

/** Waits until a page has all that it asked for, moves no more and has nothing more to do. Some ask again later, and again. */
export async function settled(page) {
  const rests = async () => {
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 100 })));
    return unanswered.get(page).size === 0 && !(await page.evaluate(moves));
  };
  await until("the page settles", async () => (await rests()) && (await rests()) && (await rests()));
}

/** Whether colours or places are on their way; what turns for ever does not count. */
function moves() {
  const ends = ({ effect }) => effect?.getComputedTiming().endTime !== Infinity;
  return document.getAnimations().some((one) => one.playState === "running" && ends(one));
}

/** Whoever has the cookies of a session is signed in. */
export async function signIn(context, cookies) {
  const { hostname: domain } = new URL(process.env.CONSOLE);
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, domain, path: "/" })));
}

/** Tries until it is so, and leaves the page time for it in between. */
export async function until(what, isSo, patience = PATIENCE_MS) {
  const deadline = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Takes a picture of a page, for who says where to put it. */
export async function picture(page, name) {
  const folder = process.env.JOURNEY_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
