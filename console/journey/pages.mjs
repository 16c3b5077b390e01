/**
 * Every page, wide and narrow, light and dark: axe finds no fault with it, nothing has to be scrolled sideways, and whoever
 * says where to put them gets the pictures (`make pictures`).
 */
import { AxeBuilder } from "@axe-core/playwright";
import { CLOSED, open, OPEN, OPENED } from "./addresses.mjs";
import { ask, picture, settled, signIn, tell, until } from "./driver.mjs";

/** Widths, and the colours in which one looks at each: with all rules in the first, for contrast alone in the other. */
const EVERY_SHAPE = { 1440: ["light", "dark"], 390: ["light", "dark"] };
const EACH_ONCE = { 1440: ["light"], 390: ["dark"] };
const NARROW = 390;

await tell(async (page, context) => {
  const faults = [];
  for (const place of OPEN) faults.push(...(await look(page, place)));
  await signIn(context, JSON.parse(process.env.COOKIES));
  for (const place of CLOSED) faults.push(...(await look(page, place)));
  for (const place of OPENED) faults.push(...(await look(page, place, EACH_ONCE)));
  if (faults.length) throw new Error(faults.join("\n"));
});

async function look(page, place, shapes = EVERY_SHAPE) {
  const faults = [];
  for (const [width, schemes] of Object.entries(shapes)) {
    await open(page, place, Number(width));
    for (const scheme of schemes) {
      await show(page, scheme);
      const where = `${place.name}-${width}-${scheme}`;
      await picture(page, where);
      // Other colours change nothing but contrast, and the colours are those of the wide page.
      const isOther = scheme !== schemes[0];
      if (isOther && Number(width) === NARROW) continue;
      // Signatures are drawn in frames without scripts, where axe would wait for itself.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ iframes: false });
      if (isOther) axe.withRules("color-contrast");
      // Fluent's guards of the focus are hidden, and hand the focus on as soon as they have it.
      const { violations } = await axe.exclude("[data-tabster-dummy]").analyze();
      const told = ({ id, nodes }) => `${where}: ${id} at ${nodes.map(({ html }) => html.slice(0, 160)).join(" and ")}`;
      faults.push(...violations.map(told));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) faults.push(`${where}: ${wide} px too wide`);
    }
  }
  await ask({ looked: place.name });
  return faults;
}

/** The colours of a page follow those of the system. */
async function show(page, scheme) {
  await page.emulateMedia({ colorScheme: scheme });
  const isShown = (scheme) => page.evaluate((scheme) => getComputedStyle(document.documentElement).colorScheme === scheme, scheme);
  await until(`the page is ${scheme}`, () => isShown(scheme));
  // Buttons change their colours over a while, however short: on a busy machine axe was there before.
  await settled(page);
}
