/**
 * The steps of setting up in words, and where each is done.
 */
import type { TFunction } from "i18next";
import type { Scope } from "../api/session";
import type { StepName } from "./steps";

interface Words {
  title: string;
  text: string;
  action?: string;
  /** What one must be allowed to do it. */
  needs?: Scope;
  to?: `/t/$tenant/${"connect" | "directory" | "templates" | "signatures" | "tester"}`;
}

export function stepWords(name: StepName, t: TFunction): Words {
  return {
    connect: {
      title: t("Connect Microsoft 365"),
      text: t(
        "Let Exchange Online route outgoing mail through Signet. This is done as soon as a first message has come through.",
      ),
      action: t("Connect"),
      needs: "tenant:write" as const,
      to: "/t/$tenant/connect" as const,
    },
    directory: {
      title: t("Read the directory"),
      text: t("Names, titles and telephone numbers come from Microsoft Entra, or from a CSV file."),
      action: t("Open the directory"),
      needs: "people:write" as const,
      to: "/t/$tenant/directory" as const,
    },
    signature: {
      title: t("Make the first signature"),
      text: t("Take a finished design, put your logo in, and switch it on."),
      action: t("Choose a design"),
      needs: "drafts:write" as const,
      to: "/t/$tenant/templates" as const,
    },
    test: {
      title: t("Test it"),
      text: t("See who gets what before anybody does, then sign the mail of a few people in a pilot."),
      action: t("Open the tester"),
      needs: "signatures:read" as const,
      to: "/t/$tenant/tester" as const,
    },
    live: {
      title: t("Go live"),
      text: t("Switch the mode at the top of the page to live. You can go back at any time, within a second."),
    },
  }[name];
}
