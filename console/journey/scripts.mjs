/**
 * What people, directories and other organisations write is text everywhere: payloads stand in every field there is, every
 * page is opened, every signature is drawn, and no script runs, nothing is loaded from elsewhere, no page complains.
 */
import { ask, signIn, tell, until } from "./driver.mjs";
import { LINKS, payloads, PICTURE } from "./payloads.mjs";

const { CONSOLE: console_, COOKIES: cookies, TENANT: tenant } = process.env;
const ATTRIBUTES =
  "city country department displayName emailAddress faxNumber firstName lastName mobileNumber office state streetAddress telephoneNumber jobTitle postalCode extension1 extension15".split(
    " ",
  );
const PEOPLE = 60;
/** One dot. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** One payload after the other, for ever. */
let taken = 0;
const next = () => payloads[taken++ % payloads.length];

await tell(async (page, context) => {
  const ran = [];
  const left = [];
  await context.exposeBinding("canary", ({ page: where }) => ran.push(where.url()));
  page.on("dialog", async (dialog) => {
    ran.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  context.on("request", (request) => {
    const url = request.url();
    if (url !== PICTURE && !url.startsWith(`${console_}/`) && !/^(data|blob|about|cid):/.test(url)) left.push(url);
  });
  await signIn(context, JSON.parse(cookies));
  await page.goto(`${console_}/t/${tenant}`);
  const file = await fill(page);
  await refuseLinks(page, file);
  await everyPage(page);
  const blank = await context.newPage();
  await everySignature(page, blank, file);
  if (ran.length) throw new Error(`a script ran: ${ran.join("\n")}`);
  if (left.length) throw new Error(`the browser asked elsewhere: ${left.join("\n")}`);
  await ask({ payloads: payloads.length, taken });
});

/** One request of the page's own. */
async function send(page, method, path, body, headers = {}) {
  const asked = { method, path: `/api/v1/tenants/${tenant}${path}`, body, headers };
  return page.evaluate(async ({ method, path, body, headers }) => {
    const told = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } };
    const answer = await fetch(path, { method, ...told });
    const text = await answer.text();
    return { status: answer.status, body: text && JSON.parse(text) };
  }, asked);
}

async function done(page, method, path, body, headers) {
  const answer = await send(page, method, path, body, headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Puts payloads into every text of the tenant that takes them. */
async function fill(page) {
  const file = await done(page, "GET", "/export");
  file.name = next();
  file.people = Array.from({ length: PEOPLE }, (_, number) => ({
    id: `p${number}`,
    addresses: [`p${number}@contoso.example`],
    attributes: Object.fromEntries(ATTRIBUTES.map((attribute) => [attribute, next()])),
    custom: { word: next() },
    manager: "p0",
  }));
  file.groups = [{ id: "g", name: next(), members: ["p1", "p2"], groups: [] }];
  file.folders = [{ id: "f", name: next(), enabled: true }];
  // Each name stands once, and is short.
  const name = (number) => `${number} ${next().replace(/\p{Cc}/gu, " ").slice(0, 56)}`;
  file.images = [{ id: "logo", type: "image/png", base64: PNG }];
  file.brand = {
    colours: Array.from({ length: 24 }, (_, number) => ({ name: name(number), colour: "#0f6c6b" })),
    fonts: ["Georgia, serif"],
    logos: Array.from({ length: 12 }, (_, number) => {
      return { name: name(number), image: "logo", alt: next().replace(/\p{Cc}/gu, " ").slice(0, 300) };
    }),
  };
  const lines = ATTRIBUTES.map((field) => [next(), { field, link: ["https://a.example/?q=", { field }] }, { field }]);
  // A merge field that there is not would be refused.
  const html = payloads.map((payload) => payload.replaceAll("{{c", "{ {c")).map((text) => `<p title="${text}">${text}</p>`);
  const signature = (id, blocks) => ({ id, name: next(), folder: "f", enabled: true, applies: {}, design: { version: 1, blocks } });
  file.signatures = [
    signature("attributes", [
      { type: "text", lines },
      { type: "disclaimer", lines: [[next()], [{ field: "custom.word" }]] },
      { type: "button", text: [next(), { field: "jobTitle" }], link: ["https://a.example/", { field: "city" }], colour: "#0f6c6b" },
      { type: "qr", size: 64, code: { vcard: { organisation: next().slice(0, 100) } } },
    ]),
    // A block may be so long, and no longer.
    ...Array.from({ length: 8 }, (_, number) =>
      signature(`html${number}`, [{ type: "html", html: html.filter((_, at) => at % 8 === number).join("\n") }]),
    ),
  ];
  const reason = encodeURIComponent(next());
  await done(page, "PUT", `?reason=${reason}`, file, { "If-Match": "*" });
  for (let number = 0; number < 5; number++) {
    await done(page, "POST", "/tokens", { name: next().replaceAll("\t", " ").slice(0, 80), scopes: ["tenant:read"], days: 1 });
    await done(page, "PUT", `/signatures/attributes/enabled?reason=${encodeURIComponent(next())}`, { enabled: true });
  }
  return file;
}

/** A link that leads into a script is not taken. */
async function refuseLinks(page, file) {
  for (const link of LINKS) {
    const entry = structuredClone(file.signatures[0]);
    entry.design.blocks = [{ type: "text", lines: [[{ text: "x", link: [link] }]] }];
    const { status, body } = await send(page, "PUT", "/signatures/attributes?dry_run=true", entry);
    if (status !== 422) throw new Error(`the link ${link} is taken: ${status} ${JSON.stringify(body)}`);
  }
}

/** Every page that shows any of it, opened as somebody would. */
async function everyPage(page) {
  const open = async (path) => {
    await page.goto(`${console_}/t/${tenant}${path}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
  };
  const paths = ["", "/signatures", "/templates", "/brand", "/tester", "/mail", "/connect", "/team", "/audit", "/settings"];
  for (const path of paths) await open(path);
  await open("/directory");
  const people = page.getByText("@contoso.example", { exact: false });
  await until("people are listed", async () => (await people.count()) > 20);
  for (const number of [0, 7, 14]) {
    await people.nth(number).click();
    await page.getByRole("dialog").first().waitFor();
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").first().waitFor({ state: "detached" });
  }
  for (const id of ["attributes", "html0", "html5"]) await open(`/signatures/${id}`);
}

/** Every signature for many people, shown as a careless mail program would: with scripts, and without any policy. */
async function everySignature(page, blank, file) {
  for (const [number, signature] of file.signatures.entries()) {
    for (let person = number ? number : 0; person < (number ? number + 1 : PEOPLE); person++) {
      const path = `/signatures/${signature.id}/preview?person=p${person}`;
      const { html } = await done(page, "GET", path);
      await blank.setContent(`<!doctype html><body>${html}</body>`);
      const found = await blank.evaluate(() => {
        const all = [...document.body.querySelectorAll("*")];
        const acts = (element) => [...element.attributes].some(({ name }) => name.startsWith("on"));
        const leads = (element) => /^\s*(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? "");
        const kinds = "script,iframe,object,embed,form,input,base,meta,link,style,svg,math,template,video,audio";
        return all.filter((one) => acts(one) || leads(one) || one.matches(kinds)).map((one) => one.outerHTML.slice(0, 200));
      });
      if (found.length) throw new Error(`${path}: ${found.join("\n")}`);
    }
  }
}

