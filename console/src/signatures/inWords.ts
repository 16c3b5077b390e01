/**
 * Who gets a signature, in one sentence made from its `applies`. It says all that decides and nothing else; how it is
 * stored does not show.
 */
import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";
import type { Names } from "../api/names";
import { testInWords } from "./factsInWords";
import { andList, capitalised, orList, shortened } from "./lists";
import { messageInWords } from "./messageInWords";

export type Applies = Schemas["Applies"];
type Senders = Schemas["Senders"];
type Recipients = Schemas["Recipients"];

/** What a sentence is made with. */
export interface Words {
  t: TFunction;
  language: string;
  names: Names;
}

/** “Everybody in Sales, in new messages, to recipients outside.” */
export function whoInWords(applies: Applies, words: Words): string {
  const { t, language } = words;
  const who = capitalised(sendersInWords(applies.senders ?? {}, words) ?? t("everybody"), language);
  const message = messageInWords(applies.message ?? {}, words);
  const recipients = recipientsInWords(applies.recipients ?? "any", words);
  const rest = [...message, ...(recipients ? [recipients] : [])];
  const sentence = [who, ...(rest.length ? rest : [t("in every message")]), ...alreadySigned(applies, t), ...once(applies, t)].join(", ");
  const except = exceptInWords(applies.except ?? {}, words);
  return except ? t("{{sentence}}; but not {{except}}.", { sentence, except }) : `${sentence}.`;
}

/** Null: everybody. */
export function sendersInWords(senders: Senders, words: Words): string | null {
  const { t, language, names } = words;
  const named = [
    ...(senders.people ?? []).map(names.person),
    ...(senders.groups ?? []).map((id) => t("everybody in {{group}}", { group: names.group(id) })),
    ...(senders.domains ?? []).map((domain) => t("everybody at {{domain}}", { domain })),
    ...(senders.addresses ?? []),
  ];
  const kinds = (senders.kinds ?? []).map((kind) => kindInWords(kind, t));
  const tests = (senders.attributes ?? []).map((test) => testInWords(test, t));
  const ways = (senders.writes_as ?? []).map((way) => wayInWords(way, t));
  if (![named, kinds, tests, ways].some((list) => list.length)) return null;

  const kindsOnly = kinds.length ? t("if they are {{kinds}}", { kinds: orList(kinds, language) }) : null;
  const base = named.length
    ? [andList(shortened(named, t), language), kindsOnly]
    : [kinds.length ? andList(kinds, language) : t("everybody")];
  const whose = tests.length ? andList(tests, language) : null;
  const writing = ways.length ? t("writing {{ways}}", { ways: orList(ways, language) }) : null;
  return [...base, whose, writing].filter(Boolean).join(" ");
}

/** Null: any. */
export function recipientsInWords(recipients: Recipients, words: Words): string | null {
  const { t, language, names } = words;
  if (typeof recipients === "string") return audienceInWords(recipients, t);
  const named = [
    ...(recipients.people ?? []).map(names.person),
    ...(recipients.groups ?? []).map((id) => t("anybody in {{group}}", { group: names.group(id) })),
    ...(recipients.domains ?? []).map((domain) => t("anybody at {{domain}}", { domain })),
    ...(recipients.addresses ?? []),
  ];
  const audience = audienceInWords(recipients.audience ?? "any", t);
  if (!named.length && !audience) return null;
  const list = named.length ? t("to {{list}}", { list: orList(shortened(named, t), language) }) : null;
  const sides = {
    internal: t("inside the organisation"),
    external: t("outside the organisation"),
    any: null,
  }[recipients.audience ?? "any"];
  const base = list ? [list, sides].filter(Boolean).join(" ") : audience;
  const judged = {
    each: null,
    any: t("if one of the recipients is such"),
    all: t("if all of the recipients are such"),
  }[recipients.judged ?? "each"];
  return [base, judged].filter(Boolean).join(" ");
}

function exceptInWords(except: Schemas["Except"], words: Words): string {
  const { t, language } = words;
  const senders = sendersInWords(except.senders ?? {}, words);
  const recipients = except.recipients ? recipientsInWords(except.recipients, words) : null;
  const message = messageInWords(except.message ?? {}, words);
  const sections = [
    senders && t("from {{senders}}", { senders }),
    recipients,
    message.length ? andList(message, language) : null,
  ].filter((section) => section !== null);
  return orList(sections, language);
}

function audienceInWords(audience: Schemas["Audience"], t: TFunction): string | null {
  return {
    any: null,
    internal: t("to recipients inside the organisation"),
    external: t("to recipients outside the organisation"),
  }[audience];
}

function kindInWords(kind: Schemas["PersonKind"], t: TFunction): string {
  return { user: t("people’s own mailboxes"), shared: t("shared mailboxes"), room: t("rooms") }[kind];
}

function wayInWords(way: Schemas["WritesAs"], t: TFunction): string {
  return {
    primary: t("from the primary address"),
    alias: t("from an alias"),
    send_as: t("as somebody else"),
    on_behalf: t("on behalf of somebody else"),
  }[way];
}

function alreadySigned(applies: Applies, t: TFunction): string[] {
  if (applies.already_signed === "sign") return [t("even if the newest text is signed already")];
  if (applies.already_signed === "only") return [t("only if the newest text is signed already")];
  return [];
}

function once(applies: Applies, t: TFunction): string[] {
  if (!applies.once) return [];
  return [
    {
      thread: t("once in a conversation"),
      sender: t("once for each sender in a conversation"),
      recipient: t("once for each sender and recipient in a conversation"),
    }[applies.once],
  ];
}
