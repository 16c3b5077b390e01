/**
 * The console's guide, followed step by step: a whole signature of logo, name, number, networks and banner, once by the
 * mouse and once by the keyboard alone. Nobody writes HTML.
 */
import { ask, now, picture, tell } from "./driver.mjs";
import { keyboard, mouse } from "./hands.mjs";

const { CONSOLE: console_, COOKIES: cookies, TENANT: tenant } = process.env;

const button = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" });
const shows = (page, text) => page.getByText(text).first().waitFor();

const panel = (page) => page.getByRole("complementary", { name: "Settings of the block" });

/** What each step of the guide means, by its title. */
const STEPS = {
  "Begin with a design": begin,
  "Put your logo in": putLogo,
  "Let the directory fill in names and numbers": putPerson,
  "Add your networks": putNetworks,
  "Announce something with a banner": putBanner,
  "Look at it as others will": lookAtIt,
  "Say who gets it": sayWhoGetsIt,
  "Publish it and switch it on": publish,
  "Test it": testIt,
  "Go live": goLive,
};

await tell(async (page, context) => {
  const { hostname } = new URL(console_);
  const own = Object.entries(JSON.parse(cookies)).map(([name, value]) => ({ name, value, domain: hostname, path: "/" }));
  await context.addCookies(own);
  for (const hand of [mouse, keyboard]) {
    const told = await readGuide(page);
    if (told.join() !== Object.keys(STEPS).join()) throw new Error(`the guide has other steps: ${told}`);
    for (const [title, follow] of Object.entries(STEPS)) {
      now(`by ${hand.name}: ${title}`);
      await follow(page, hand);
      await picture(page, `${hand.name} ${title}`);
    }
    await ask({ built: `By ${hand.name}` });
  }
});

/** From the home page by the navigation; the titles of its steps. */
async function readGuide(page) {
  await page.goto(`${console_}/t/${tenant}`);
  await page.getByRole("navigation").getByRole("link", { name: "Guide" }).click();
  await page.getByRole("heading", { name: "Set up a signature" }).waitFor();
  return page.getByRole("main").getByRole("heading", { level: 2 }).allInnerTexts();
}

async function begin(page, hand) {
  await hand.press(page, page.getByRole("link", { name: "Choose a design" }));
  await hand.press(page, button(page, "Begin with an empty one"));
  await hand.enter(page, page.getByLabel("Name of the signature"), `By ${hand.name}`);
}

async function putLogo(page, hand) {
  await hand.put(page, "Logo");
  await upload(page, hand, { width: 320, height: 120 });
  await hand.enter(page, page.getByRole("textbox", { name: "Description" }), "Northwind");
}

/** The name is in a new text already; the number comes behind a word of ours. */
async function putPerson(page, hand) {
  await hand.put(page, "Text");
  const text = panel(page).getByRole("textbox", { name: "Text", exact: true });
  await hand.into(page, text);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Tel. ");
  await hand.press(page, button(page, "Field"));
  await page.getByLabel("Search the merge fields").waitFor();
  await page.keyboard.type("telephone");
  await page.keyboard.press("Enter");
  await text.getByText("Telephone").waitFor();
}

async function putNetworks(page, hand) {
  await hand.put(page, "Social icons");
  const website = page.getByRole("group", { name: "Website" });
  await hand.enter(page, website.getByRole("textbox", { name: "Link" }), "https://northwind.example/");
}

async function putBanner(page, hand) {
  await hand.put(page, "Banner");
  await upload(page, hand, { width: 960, height: 160 });
  await hand.enter(page, page.getByRole("textbox", { name: "Description" }), "See you at the fair");
  await hand.enter(page, page.getByRole("textbox", { name: "Link" }), "https://northwind.example/fair");
}

/** A picture of what is there serves as a logo as well as any. */
async function upload(page, hand, { width, height }) {
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width, height } });
  await hand.press(page, button(page, "Choose a picture"));
  const chooser = page.waitForEvent("filechooser");
  await hand.press(page, button(page, "Upload"));
  await (await chooser).setFiles({ name: "picture.png", mimeType: "image/png", buffer });
  await button(page, "Change").waitFor();
}

async function lookAtIt(page, hand) {
  const preview = page.getByRole("region", { name: "Preview" });
  for (const look of ["Phone", "Dark", "Plain text"]) await hand.press(page, preview.getByRole("tab", { name: look }));
  await preview.getByText(/Tel\. \+31 20 555 010\d/).waitFor();
  await hand.press(page, page.getByRole("tab", { name: /^Checks/ }));
  await page.getByRole("complementary", { name: "Blocks and checks" }).getByRole("listitem").first().waitFor();
}

async function sayWhoGetsIt(page, hand) {
  await hand.press(page, page.getByRole("tab", { name: "Who gets it" }));
  await hand.press(page, page.getByRole("button", { name: /^Recipients/ }));
  const outside = page.getByRole("radiogroup", { name: "They are" }).getByRole("radio", { name: /outside/i });
  await hand.choose(page, outside);
}

async function publish(page, hand) {
  await hand.press(page, page.getByRole("switch", { name: "Mail is signed with it" }));
  await hand.press(page, button(page, "Publish"));
  await shows(page, /^Published$/);
  await hand.press(page, page.getByRole("link", { name: "Signatures" }));
}

async function testIt(page, hand) {
  await hand.press(page, page.getByRole("navigation").getByRole("link", { name: "Guide" }));
  await hand.press(page, page.getByRole("main").getByRole("link", { name: "Open the tester" }));
  await hand.enter(page, page.getByRole("combobox", { name: "Who writes" }), "Ada");
  await page.getByRole("option", { name: /^Ada Vance/ }).waitFor();
  if (hand === mouse) await page.getByRole("option", { name: /^Ada Vance/ }).click();
  else await page.keyboard.press("Enter");
  await hand.enter(page, page.getByRole("textbox", { name: "To", exact: true }), "bob@fabrikam.example");
  await hand.press(page, button(page, "What happens?"));
  await shows(page, `Without that: By ${hand.name}.`);
}

async function goLive(page, hand) {
  await hand.press(page, button(page, /^Mode:/));
  await hand.choose(page, page.getByRole("radio", { name: /^Live/ }));
  await hand.press(page, button(page, /^Switch to/));
  await button(page, /^Mode: Live/).waitFor();
}
