/**
 * What the API tells about one recipient of a message: what it would get, and what was found about each signature. The
 * OpenAPI document leaves its form open.
 */
import type { Schemas } from "../api/client";

export type Answered = Schemas["Answered"];

export type Section =
  "switch" | "trial" | "senders" | "schedule" | "message" | "recipients" | "thread" | "already_signed" | "order" | "design";

export interface Note {
  section: Section;
  holds: boolean;
  why: string;
}

export interface RuleTrail {
  id: string;
  name?: string;
  folder?: string;
  layer: "signature" | "banner" | "disclaimer";
  used: boolean;
  notes: Note[];
}

export interface Explanation {
  recipient: string;
  person?: string;
  signatures: string[];
  left?: string;
  would_be?: string[];
  taken_out?: string[];
  rules: RuleTrail[];
}

export const explanationsOf = ({ explanations }: Answered) => explanations as Explanation[];

/** What a recipient would be shown: what it gets, or would get but for the mode. */
export const shownTo = ({ signatures, would_be = [] }: Explanation) => (signatures.length ? signatures : would_be);
