/**
 * Every page, wide and narrow, light and dark: axe finds no fault with it, nothing has to be scrolled sideways, and whoever
 * says where to put them gets the pictures (`make pictures`).
 */
import { AxeBuilder } from "@axe-core/playwright";
import { ask, picture, tell } from "./driver.mjs";

const { CONSOLE: console_, COOKIES: cookies, TENANT: tenant } = process.env;

const OPEN = {
  "sign-in": "/sign-in",
  "sign-up": "/sign-up",
  "forgot-password": "/forgot-password",
  "verify-email": "/verify-email#t",
  "reset-password": "/reset-password#t",
  invitation: "/invitation#t",
};
const OWN = {
  home: "",
  signatures: "/signatures",
  templates: "/templates",
  editor: "/signatures/standard",
  tester: "/tester",
  directory: "/directory",
  messages: "/mail",
  connection: "/connect",
  team: "/team",
  audit: "/audit",
};
const WIDTHS = [1440, 390];
const SCHEMES = ["light", "dark"];

await tell(async (page, context) => {
  const faults = [];
  for (const [name, path] of Object.entries(OPEN)) faults.push(...(await look(page, name, path)));
  const { hostname } = new URL(console_);
  const own = Object.entries(JSON.parse(cookies)).map(([name, value]) => ({ name, value, domain: hostname, path: "/" }));
  await context.addCookies(own);
  for (const [name, path] of Object.entries(OWN)) faults.push(...(await look(page, name, `/t/${tenant}${path}`)));
  faults.push(...(await look(page, "account", "/account")));
  faults.push(...(await look(page, "consent", "/consent?state=x&error=access_denied")));
  if (faults.length) throw new Error(faults.join("\n"));
});

async function look(page, name, path) {
  const faults = [];
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      await page.setViewportSize({ width, height: width > 1000 ? 900 : 844 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(`${console_}${path}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      const where = `${name}-${width}-${scheme}`;
      await picture(page, where);
      // Signatures are drawn in frames without scripts, where axe would wait for itself.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ iframes: false });
      // Fluent's guards of the focus are hidden, and hand the focus on as soon as they have it.
      const { violations } = await axe.exclude("[data-tabster-dummy]").analyze();
      const told = ({ id, nodes }) => `${where}: ${id} at ${nodes.map(({ html }) => html.slice(0, 160)).join(" and ")}`;
      faults.push(...violations.map(told));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) faults.push(`${where}: ${wide} px too wide`);
    }
  }
  await ask({ looked: name });
  return faults;
}
