/**
 * What each page of a tenant is opened by, and what can be done on it by whom: a permission of `src/account/permission.rs`,
 * or a role, before which nothing else counts. It is written from the API's document, not from the console: what stands
 * here and is not shown is a fault, and so is what is shown and does not stand here.
 *
 * `open`: what is opened on the page first; without that the page is closed to whoever lacks what it needs. `within`: where
 * one looks then, if not at the page itself.
 */
const ANYBODY = [];
const READS_SIGNATURES = ["signatures:read"];
const DRAWS = ["drafts:write"];
const PUBLISHES = ["signatures:write"];
const READS_PEOPLE = ["people:read"];
const KEEPS_PEOPLE = ["people:write"];
const READS_MAIL = ["decisions:read"];
const READS_TENANT = ["tenant:read"];
const RUNS_TENANT = ["tenant:write"];
const READS_TEAM = ["team:read"];
const RUNS_TEAM = ["team:write"];
const READS_AUDIT = ["audit:read"];
const SWITCHES = ["mode:write"];
const TRIES = [...READS_SIGNATURES, ...READS_PEOPLE];
const OWNS = ["owner"];

/** The navigation, in its order. */
export const DESTINATIONS = {
  Home: ANYBODY,
  Signatures: READS_SIGNATURES,
  Brand: READS_SIGNATURES,
  Tester: TRIES,
  Directory: READS_PEOPLE,
  "Mail flow": READS_MAIL,
  Messages: READS_MAIL,
  Connection: READS_TENANT,
  Team: READS_TEAM,
  "Audit log": READS_AUDIT,
  Settings: READS_TENANT,
  Guide: READS_SIGNATURES,
};

const press = (name) => (page) => page.getByRole("button", { name }).first().click();
const tab = (name) => (page) => page.getByRole("tab", { name }).click();
const MENU = '[role="menu"]';
const DIALOG = '[role="dialog"]';

/** All that stand there are of these acts. */
const acts = (needs, ...names) => Object.fromEntries(names.map((name) => [name, needs]));
const crumbs = (...names) => acts(ANYBODY, 'link "Contoso"', ...names.map((name) => `link "${name}"`));

const STEPS = {
  ...crumbs(),
  ...acts(SWITCHES, 'button "Mode: Live. Change it"'),
  ...acts(ANYBODY, 'button "Done: …"', 'button "Next: Certificate…"', 'button "To do: …"'),
};
const DOMAIN = acts(RUNS_TENANT, 'button "Remove contoso.example"', 'textbox "Another domain"', 'button "Show the record"');
const CONSENT = {
  ...acts(ANYBODY, 'link "Directory"'),
  ...acts(RUNS_TENANT, 'button "Consent at Microsoft"', 'button "Let somebody else consent"'),
};
const TEAM_TABS = acts(ANYBODY, 'tab "Members"', 'tab "API tokens"', 'tab "Sign-in"');
const TESTER_TABS = acts(ANYBODY, 'tab "Try a message"', 'tab "Test cases"');
const WHO_GETS_IT = [
  'button "Senders…"',
  'button "Recipients…"',
  'button "Messages…"',
  'button "Times…"',
  'button "Exceptions…"',
  'button "Place…"',
  'button "Try it out…"',
  'button "Add a test"',
  'button "Add"',
  'combobox "Groups"',
  'combobox "People"',
  'checkbox "…"',
  'textbox "Addresses they write from"',
  'textbox "Domains they write from"',
];

/** The blocks to take, and what is said of the whole signature. */
const PANELS = [
  'button "Add …"',
  ...["Text", "Logo", "Picture", "Photo", "Social icons", "Button", "Banner", "Disclaimer", "QR code"].map((name) => `button "${name} …"`),
  ...["Line", "Space", "Columns", "Frame", "Condition", "HTML"].map((name) => `button "${name} …"`),
  ...["Inherited", "Normal", "Bold", "By name", "Left to right", "Right to left"].map((name) => `radio "${name}"`),
  ...["Size", "Line height", "Letter spacing"].map((name) => `spinbutton "${name}"`),
  'combobox "Font"',
  'button "Italic"',
  'button "Underlined"',
  'textbox "Text colour…"',
];

export const PLACES = [
  {
    name: "top",
    path: "",
    needs: ANYBODY,
    open: () => {},
    within: "header",
    acts: { ...acts(SWITCHES, 'button "Mode: Live. Change it"'), ...acts(ANYBODY, 'button "Account of …"') },
  },
  {
    name: "home",
    path: "",
    needs: ANYBODY,
    acts: { ...crumbs(), ...acts(READS_MAIL, 'link "Mail flow"') },
  },
  {
    name: "signatures",
    path: "/signatures",
    needs: READS_SIGNATURES,
    acts: {
      ...crumbs("Standard"),
      ...acts(DRAWS, 'link "New signature"'),
      ...acts(PUBLISHES, 'button "New folder"', 'link "Import"', 'button "Move Standard"', 'switch "Use Standard"', 'button "More for Standard"'),
    },
  },
  {
    name: "menu of a signature",
    path: "/signatures",
    needs: PUBLISHES,
    open: press("More for Standard"),
    within: MENU,
    acts: acts(PUBLISHES, 'menuitem "Edit"', 'menuitem "Rename"', 'menuitem "Duplicate"', 'menuitem "History"', 'menuitem "Delete"'),
  },
  {
    name: "templates",
    path: "/templates",
    needs: DRAWS,
    acts: {
      ...crumbs("Signatures"),
      ...acts(DRAWS, 'button "Begin with an empty one"', 'button "Use this design: …"', 'searchbox "Search designs"', 'button "clear"'),
      ...acts(DRAWS, 'tab "…"', 'combobox "Drawn for"'),
      ...acts(PUBLISHES, 'link "Import one you have"'),
    },
  },
  {
    name: "import",
    path: "/import",
    needs: PUBLISHES,
    acts: { ...crumbs("Signatures"), ...acts(PUBLISHES, 'button "Choose files"', 'textbox "Paste the signature here"') },
  },
  {
    name: "editor",
    path: "/signatures/standard",
    needs: READS_SIGNATURES,
    open: () => {},
    within: "body",
    acts: {
      ...acts(READS_SIGNATURES, 'link "To the page"', 'link "Signatures"', 'button "History"', 'tab "Design"', 'tab "Who gets it"'),
      ...acts(READS_SIGNATURES, 'tab "Desktop"', 'tab "Phone"', 'tab "Dark"', 'tab "Plain text"', 'combobox "As sent by"'),
      ...acts(DRAWS, 'button "More"', 'textbox "Name of the signature"', 'tab "Blocks"', 'tab "Outline"', 'tab "Checks…"', ...PANELS),
      ...acts(PUBLISHES, 'switch "Mail is signed with it"'),
    },
  },
  {
    name: "who gets it",
    path: "/signatures/standard",
    needs: READS_SIGNATURES,
    open: tab("Who gets it"),
    acts: acts(DRAWS, ...WHO_GETS_IT),
  },
  {
    name: "history",
    path: "/signatures/standard",
    needs: READS_SIGNATURES,
    open: press("History"),
    within: DIALOG,
    acts: acts(READS_SIGNATURES, 'button "Close"', 'button "Look at it"', 'button "What changed"'),
  },
  {
    name: "brand",
    path: "/brand",
    needs: READS_SIGNATURES,
    acts: { ...crumbs(), ...acts(DRAWS, 'button "Add a colour"', 'combobox "Add a font"', 'button "Add a picture"') },
  },
  {
    name: "guide",
    path: "/guide",
    needs: READS_SIGNATURES,
    acts: {
      ...crumbs(),
      ...acts(DRAWS, 'link "Choose a design"'),
      ...acts(TRIES, 'link "Open the tester"'),
      ...acts(READS_MAIL, 'link "Open the mail flow"'),
    },
  },
  {
    name: "tester",
    path: "/tester",
    needs: TRIES,
    acts: {
      ...crumbs(),
      ...TESTER_TABS,
      ...acts(TRIES, 'tab "Describe it"', 'tab "Use a real one"', 'combobox "Who writes"', 'textbox "To"', 'textbox "Subject"'),
      ...acts(TRIES, 'combobox "Kind"', 'combobox "Format"', 'combobox "Importance"', 'spinbutton "Size in MB"', 'textbox "When"', 'checkbox "With an attachment"'),
    },
  },
  { name: "test cases", path: "/tester#cases", needs: TRIES, acts: { ...crumbs(), ...TESTER_TABS } },
  {
    name: "directory",
    path: "/directory",
    needs: READS_PEOPLE,
    acts: {
      ...crumbs(),
      ...acts(READS_PEOPLE, 'tab "People"', 'tab "Groups"', 'searchbox "Search people"', 'button "clear"', 'button "Ada Vance…"'),
      ...acts(KEEPS_PEOPLE, 'tab "CSV file"'),
      ...acts(RUNS_TENANT, 'button "Read the directory"'),
    },
  },
  {
    name: "person",
    path: "/directory",
    needs: READS_PEOPLE,
    open: press(/^Ada Vance/),
    within: DIALOG,
    acts: {
      ...acts(READS_PEOPLE, 'button "Close"'),
      ...acts(KEEPS_PEOPLE, 'button "Put right: …"', 'combobox "Add what the directory does not say"'),
    },
  },
  {
    name: "flow",
    path: "/flow",
    needs: READS_MAIL,
    acts: {
      ...crumbs("All messages", "Standard"),
      ...acts(READS_MAIL, 'tab "1 hour"', 'tab "24 hours"', 'tab "7 days"', 'tab "30 days"', 'tab "90 days"', 'button "Show the numbers"'),
      ...acts(READS_MAIL, 'link "A machine wrote it…"', 'link "The From address…"'),
    },
  },
  {
    name: "messages",
    path: "/mail",
    needs: READS_MAIL,
    acts: {
      ...crumbs("Export CSV"),
      ...acts(READS_MAIL, 'textbox "Address or Message-ID"', 'combobox "Time"', 'combobox "What came of it"', 'combobox "Signature"'),
      ...acts(READS_MAIL, 'button "Search"', 'button "Details of the message from …"'),
    },
  },
  { name: "connection", path: "/connect", needs: READS_TENANT, acts: { ...STEPS, ...acts(RUNS_TENANT, 'button "Replace it"') } },
  { name: "domain", path: "/connect", needs: READS_TENANT, open: press(/^Done: Your domain/), acts: { ...STEPS, ...DOMAIN } },
  { name: "consent", path: "/connect", needs: READS_TENANT, open: press(/^To do: Directory at Microsoft/), acts: { ...STEPS, ...CONSENT } },
  {
    name: "members",
    path: "/team",
    needs: READS_TEAM,
    acts: {
      ...crumbs(),
      ...TEAM_TABS,
      ...acts(RUNS_TEAM, 'button "Invite"', 'button "More for administrator Lind"', 'button "More for editor Lind"'),
      ...acts(RUNS_TEAM, 'button "More for designer Lind"', 'button "More for auditor Lind"', 'button "More for support Lind"'),
      ...acts(OWNS, 'button "More for owner Lind"'),
    },
  },
  {
    name: "menu of a member",
    path: "/team",
    needs: RUNS_TEAM,
    open: press("More for editor Lind"),
    within: MENU,
    acts: acts(RUNS_TEAM, 'menuitem "Change the role"', 'menuitem "Remove from the team"'),
  },
  {
    name: "tokens",
    path: "/team",
    needs: READS_TEAM,
    open: tab("API tokens"),
    acts: { ...crumbs(), ...TEAM_TABS, ...acts(RUNS_TEAM, 'button "Make a token"') },
  },
  {
    name: "rules of signing in",
    path: "/team",
    needs: READS_TEAM,
    open: tab("Sign-in"),
    acts: {
      ...crumbs(),
      ...TEAM_TABS,
      ...acts(OWNS, 'checkbox "Whoever signs in with Microsoft is asked for no further code"', 'combobox "Who may come in by password all the same"', 'button "Save"'),
    },
  },
  {
    name: "audit log",
    path: "/audit",
    needs: READS_AUDIT,
    acts: {
      ...crumbs(),
      ...acts(READS_AUDIT, 'button "Export"', 'combobox "Who"', 'combobox "What"', 'textbox "To what"', 'combobox "Time"', 'button "Details: …"'),
    },
  },
  {
    name: "settings",
    path: "/settings",
    needs: READS_TENANT,
    acts: {
      ...crumbs(),
      ...acts(RUNS_TENANT, 'textbox "Name"', 'spinbutton "Keep records of messages for"', 'button "Increment value"', 'button "Decrement value"'),
      ...acts(RUNS_TENANT, 'textbox "Lines that begin quoted text"'),
      ...acts(OWNS, 'button "Leave …"'),
    },
  },
];
