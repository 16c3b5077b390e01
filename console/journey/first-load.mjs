/**
 * What a browser that was never here before has to load until one can sign in. The rest, the editor above all, comes when
 * it is opened.
 */
import { ask, tell } from "./driver.mjs";

const { CONSOLE: console_ } = process.env;

await tell(async (page) => {
  const loaded = [];
  page.on("requestfinished", (request) => loaded.push(request));
  await page.goto(`${console_}/sign-in`);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  const files = await Promise.all(
    loaded.map(async (request) => ({ url: request.url(), bytes: (await request.sizes()).responseBodySize })),
  );
  await ask({ files });
});
