/**
 * How to set up a signature, step by step, in words. `console/journey/guide.mjs` follows every step.
 */
import type { TFunction } from "i18next";

export interface GuideStep {
  title: string;
  lines: string[];
  /** Where it is done, if not in the editor. */
  go?: { label: string; to: `/t/$tenant/${"templates" | "tester" | "flow"}` };
}

export const guideSteps = (t: TFunction): GuideStep[] => [
  {
    title: t("Begin with a design"),
    lines: [
      t("Take a finished design and change what you like, or begin with an empty one."),
      t("Nobody gets it before you publish it and switch it on."),
    ],
    go: { label: t("Choose a design"), to: "/t/$tenant/templates" },
  },
  {
    title: t("Put your logo in"),
    lines: [
      t("Drag the block “Logo” to the canvas, or press the plus beside it. At the right, choose a picture and upload your file: it is made as small as it is shown."),
      t("Describe it in a few words, for people whose mail program shows no pictures."),
    ],
  },
  {
    title: t("Let the directory fill in names and numbers"),
    lines: [
      t("Add the block “Text”. Type your words, and put a field where a name, a title or a telephone number belongs."),
      t("A line whose fields are all empty for somebody is left out for them, with the words before them."),
    ],
  },
  {
    title: t("Add your networks"),
    lines: [t("Add the block “Social icons”, choose the networks, and give each its link. An icon without a link is not shown.")],
  },
  {
    title: t("Announce something with a banner"),
    lines: [
      t("Add the block “Banner” with a picture and where it leads. For a time only: keep it in a signature of its own with first and last day, under “Who gets it”."),
    ],
  },
  {
    title: t("Look at it as others will"),
    lines: [
      t("The preview below the canvas is drawn by the same code that signs your mail: for any person, on a phone, in dark mode, as plain text."),
      t("“Checks” tells what Outlook, Gmail or a phone would break."),
    ],
  },
  {
    title: t("Say who gets it"),
    lines: [t("Under “Who gets it”: people, groups or departments, inside or outside, the first message or replies too, and from when to when.")],
  },
  {
    title: t("Publish it and switch it on"),
    lines: [t("Mail is signed with what is published; a draft can be changed in peace. Older versions stay in the history.")],
  },
  {
    title: t("Test it"),
    lines: [t("Describe a message or upload a real one, and see what each recipient would get, and why. Save the answer as a test case: it is kept from then on.")],
    go: { label: t("Open the tester"), to: "/t/$tenant/tester" },
  },
  {
    title: t("Go live"),
    lines: [
      t("Switch the mode at the top of the page: a pilot of a few people first, then live. You can go back within a second."),
      t("The page “Mail flow” shows how many messages were signed, and why others were not."),
    ],
    go: { label: t("Open the mail flow"), to: "/t/$tenant/flow" },
  },
];
