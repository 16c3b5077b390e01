/**
 * What the checks can find, and how it is told: what it is, for whom, and what to do.
 */
import type { Translate } from "../design/facts";

export type Severity = "error" | "warning" | "advice";

export type FindingKind =
  | "unfinished-picture"
  | "unfinished-test"
  | "link-missing"
  | "link-scheme"
  | "no-alt"
  | "wider-than-window"
  | "wider-than-phone"
  | "low-contrast"
  | "dark-mode"
  | "tiny-text"
  | "html-picture"
  | "not-hosted"
  | "heavy-pictures"
  | "large"
  | "nothing-left";

export interface Finding {
  kind: FindingKind;
  severity: Severity;
  /** A JSON pointer into the signature; `null`: the whole of it. */
  place: string | null;
  values: Record<string, string | number>;
}

interface Telling {
  severity: Severity;
  title: string;
  advice: string;
}

const TELLINGS: Record<FindingKind, Telling> = {
  "unfinished-picture": {
    severity: "error",
    title: "No picture is chosen",
    advice: "Choose one, or take the block away. Until then it is not drawn.",
  },
  "unfinished-test": {
    severity: "error",
    title: "The condition has no test",
    advice: "Say when the blocks in it are shown. Until then they are not drawn.",
  },
  "link-missing": {
    severity: "error",
    title: "The link leads nowhere",
    advice: "Give it an address, or take the link away.",
  },
  "link-scheme": {
    severity: "error",
    title: "“{{link}}” is no link that may be used",
    advice: "Begin it with https:, http:, mailto: or tel:.",
  },
  "no-alt": {
    severity: "warning",
    title: "The picture has no description",
    advice:
      "Outlook blocks pictures of unknown senders and shows the description instead; screen readers read it aloud.",
  },
  "wider-than-window": {
    severity: "warning",
    title: "{{width}} pixels wide",
    advice: "Outlook’s reading pane shows about 600. Wider ones push the text of the whole message apart.",
  },
  "wider-than-phone": {
    severity: "advice",
    title: "{{width}} pixels wide",
    advice: "A phone shows about 380. Wider ones are shrunk, or the reader has to move sideways.",
  },
  "low-contrast": {
    severity: "warning",
    title: "{{colour}} on {{background}} is hard to read",
    advice: "The contrast is {{ratio}} to 1; {{wanted}} is needed. Take a darker or a lighter colour.",
  },
  "dark-mode": {
    severity: "advice",
    title: "Dark text without a background",
    advice:
      "In dark mode most programs turn {{colour}} light, some do not. A frame with a background keeps both together; look at the Dark preview.",
  },
  "tiny-text": {
    severity: "advice",
    title: "Text of {{size}} pixels",
    advice: "Less than 12 pixels (9 points) is hard to read on a phone.",
  },
  "html-picture": {
    severity: "warning",
    title: "A picture that mail programs do not show",
    advice:
      "Outlook shows no WebP or SVG, and Gmail no picture that is written into the HTML. Upload a PNG or JPEG instead.",
  },
  "not-hosted": {
    severity: "warning",
    title: "Pictures travel in the message",
    advice: "They should be linked, but no address for pictures is set up here, so every message carries them.",
  },
  "heavy-pictures": {
    severity: "advice",
    title: "{{kilobytes}} kB of pictures in every message",
    advice: "Smaller pictures, or linked ones, keep mailboxes small.",
  },
  large: {
    severity: "warning",
    title: "{{kilobytes}} kB of HTML",
    advice: "Gmail hides what lies beyond 102 kB of a message, and the text of the message counts too.",
  },
  "nothing-left": {
    severity: "warning",
    title: "Nothing is left for {{person}}",
    advice: "Every field it shows is empty for this person. The next signature that applies is used instead.",
  },
};

/** A finding of a kind. */
export function found(kind: FindingKind, place: string | null, values: Finding["values"] = {}): Finding {
  return { kind, severity: TELLINGS[kind].severity, place, values };
}

export function titleOf({ kind, values }: Finding, t: Translate): string {
  return t(TELLINGS[kind].title, values);
}

export function adviceOf({ kind, values }: Finding, t: Translate): string {
  return t(TELLINGS[kind].advice, values);
}
