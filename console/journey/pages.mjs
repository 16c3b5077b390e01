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
  security: "/security",
  "signed-in": "/signed-in?error=access_denied",
};
const OWN = {
  home: "",
  signatures: "/signatures",
  templates: "/templates",
  brand: "/brand",
  import: "/import",
  editor: "/signatures/standard",
  tester: "/tester",
  directory: "/directory",
  flow: "/flow",
  messages: "/mail",
  connection: "/connect",
  "test-cases": "/tester#cases",
  team: "/team",
  audit: "/audit",
  settings: "/settings",
  guide: "/guide",
};
/** What opens on a page, and how. */
const OPENED = {
  "draft-review": {
    path: "/signatures/standard",
    open: async (page) => {
      await page.getByRole("button", { name: "See what changes" }).click();
      await drawn(page);
    },
  },
  history: {
    path: "/signatures/standard",
    open: async (page) => {
      await page.getByRole("button", { name: "History" }).click();
      await page.getByRole("button", { name: "Look at it" }).first().click();
      await drawn(page);
    },
  },
  "failing-cases": {
    path: "/signatures",
    open: async (page) => {
      await page.getByRole("switch", { name: /^Use / }).first().click();
      await page.getByRole("heading", { name: "Test cases would fail" }).waitFor();
    },
  },
  person: {
    path: "/directory",
    open: async (page) => {
      await page.getByRole("button", { name: /Put right by hand/ }).first().click();
      await page.getByText(/^The directory says: /).waitFor();
    },
  },
};
/** What is compared is there. */
const drawn = (page) => page.locator('[role="dialog"] iframe').last().waitFor();

const WIDTHS = [1440, 390];
const SCHEMES = ["light", "dark"];

await tell(async (page, context) => {
  const faults = [];
  for (const [name, path] of Object.entries(OPEN)) faults.push(...(await look(page, name, path)));
  const { hostname } = new URL(console_);
  const own = Object.entries(JSON.parse(cookies)).map(([name, value]) => ({ name, value, domain: hostname, path: "/" }));
  await context.addCookies(own);
  for (const [name, path] of Object.entries(OWN)) faults.push(...(await look(page, name, `/t/${tenant}${path}`)));
  for (const [name, { path, open }] of Object.entries(OPENED)) {
    faults.push(...(await look(page, name, `/t/${tenant}${path}`, open)));
  }
  faults.push(...(await look(page, "account", "/account")));
  faults.push(...(await look(page, "consent", "/consent?state=x&error=access_denied")));
  if (faults.length) throw new Error(faults.join("\n"));
});

async function look(page, name, path, open) {
  const faults = [];
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      await page.setViewportSize({ width, height: width > 1000 ? 900 : 844 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(`${console_}${path}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      if (open) await open(page);
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
