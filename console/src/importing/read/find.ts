/**
 * Finds which pieces of a message are its signature: by the mark of the mail program, by the delimiter, by what is the
 * same in several messages, else by where the facts of a person stand near the end.
 */
import type { Piece } from "./pieces";

/** From the first to before the second. */
export interface Range {
  from: number;
  to: number;
}

export type How = "whole" | "mark" | "delimiter" | "repeated" | "facts" | "end";

export interface FoundSignature extends Range {
  how: How;
}

const MARKS = [
  "[id='Signature']",
  "[id='x_Signature']",
  "[id*='MailAutoSig']",
  "[name*='MailAutoSig']",
  ".gmail_signature",
  "[data-smartmail='gmail_signature']",
  "[id^='AppleMailSignature']",
  ".moz-signature",
  "[id*='ms-outlook-mobile-signature']",
  "[id*='outlook-mobile-signature']",
  ".protonmail_signature_block",
  ".tutanota_signature",
  "[id='signature']",
  "[class~='signature']",
].join(", ");

const DELIMITER = /^(--|—|_{4,}|-{4,}|={4,})$/;
const CLOSING =
  /^(((with|many|my)\s)?(kind(est)?|best|warm(est)?)?\s?(regards|wishes)|thanks|thank you|cheers|sincerely|yours (sincerely|faithfully|truly)|best|(mit )?(freundlichen?|besten?|vielen?|lieben?|herzlichen?) gr(ü|ue)(ß|ss)en?|mfg|lg|vg|(bien )?cordialement|bien à vous|(un |cordiales )?saludos?|atentamente|(cordiali|distinti) saluti|met vriendelijke groet(en)?|(vriendelijke )?groet(en|jes)?|med venlig hilsen|(med )?vänlig(a|en)? hälsning(ar)?|mvh|vennlig hilsen|ystävällisin terveisin|z poważaniem|pozdrawiam|s pozdravem|с уважением|üdvözlettel|atenciosamente|saygılarımla)\b/iu;
const FACTS =
  /[\w.+-]+@[\w-]+\.[\w.]+|\bwww\.|https?:\/\/|(\+|\(0|\b0)\d[\d\s()./-]{6,}|\b(tel|phone|mobile|mob|fax|direct)\b/i;
const SHORT = 110;
const LEGAL = /confidential|intended|recipient|vertraulich|confidentiel|registered|handelsregister/i;

/** `others` are the pieces of further messages of the same person, `names` how the person is called. */
export function findSignature(
  pieces: Piece[],
  whole: boolean,
  others: Piece[][] = [],
  names: string[] = [],
): FoundSignature {
  if (whole) return trimmed(pieces, { from: 0, to: pieces.length }, "whole");
  const marked = byMark(pieces);
  if (marked) return trimmed(pieces, marked, "mark");
  const delimiter = pieces.findLastIndex(({ text }) => DELIMITER.test(text));
  if (delimiter >= 0 && pieces.slice(delimiter + 1).some(({ kind }) => kind !== "blank")) {
    return trimmed(pieces, { from: delimiter + 1, to: pieces.length }, "delimiter");
  }
  const repeated = sameAtEnd(pieces, others);
  if (repeated) return trimmed(pieces, repeated, "repeated");
  return byFacts(pieces, names);
}

function byMark(pieces: Piece[]): Range | null {
  const document = pieces[0]?.nodes[0]?.ownerDocument;
  const mark = [...(document?.querySelectorAll(MARKS) ?? [])].at(-1);
  if (!mark) return null;
  const within = pieces.flatMap(({ nodes, kind }, at) =>
    nodes.some((node) => mark.contains(node) || node.contains(mark)) && kind !== "blank" ? [at] : [],
  );
  const isBookmark = mark.localName === "a" || within.length === 0;
  const after = pieces.findIndex(({ nodes }) =>
    nodes.some((node) => (mark.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0),
  );
  const from = within[0] ?? after;
  if (from < 0) return null;
  const begin = DELIMITER.test(pieces[from]!.text) ? from + 1 : from;
  return { from: begin, to: isBookmark ? pieces.length : within.at(-1)! + 1 };
}

/** What the ends of all messages have in common, if it is more than one line. */
function sameAtEnd(pieces: Piece[], others: Piece[][]): Range | null {
  if (others.length === 0) return null;
  const said = (list: Piece[]) => list.filter(({ kind }) => kind !== "blank");
  const own = said(pieces);
  const common = (other: Piece[]) => {
    const theirs = said(other);
    let count = 0;
    while (count < own.length && count < theirs.length && alike(own.at(-1 - count)!, theirs.at(-1 - count)!))
      count += 1;
    return count;
  };
  const count = Math.min(...others.map(common));
  const first = own.at(-count);
  if (count < 2 || !first || count === own.length) return null;
  return closed(pieces, { from: pieces.indexOf(first), to: pieces.length });
}

const alike = (one: Piece, other: Piece) => one.kind === other.kind && one.text === other.text;

/** Short lines at the end, from where the person's name or facts begin. */
function byFacts(pieces: Piece[], names: string[]): FoundSignature {
  let from = pieces.length;
  for (let at = pieces.length - 1; at >= 0; at -= 1) {
    const { kind, text } = pieces[at]!;
    const belongs = kind !== "text" || text.length <= SHORT || LEGAL.test(text) || FACTS.test(text);
    if (!belongs || (kind === "text" && CLOSING.test(text) && text.length < 60)) break;
    from = at;
  }
  const isName = (text: string) =>
    names.some((name) => name.length > 2 && text.toLowerCase().includes(name.toLowerCase()));
  const telling = pieces.findIndex(
    ({ kind, text }, at) => at >= from && (kind === "table" || kind === "picture" || isName(text) || FACTS.test(text)),
  );
  if (telling < 0) {
    const end = { from: Math.max(0, pieces.length - 8), to: pieces.length };
    return trimmed(pieces, end, "end");
  }
  // A name stands above the facts, whoever's it is.
  const closing = pieces.findLastIndex(({ text }, at) => at < telling && CLOSING.test(text) && text.length < 60);
  const near = telling - closing <= 5 && closing >= 0 ? closing + 1 : telling;
  return trimmed(pieces, { from: near, to: pieces.length }, "facts");
}

/** The words that close a letter are no part of what signs it. */
function closed(pieces: Piece[], range: Range): Range {
  const first = pieces[range.from];
  return first && CLOSING.test(first.text) && first.text.length < 60 ? { ...range, from: range.from + 1 } : range;
}

function trimmed(pieces: Piece[], { from, to }: Range, how: How): FoundSignature {
  while (from < to && pieces[from]!.kind === "blank") from += 1;
  while (to > from && pieces[to - 1]!.kind === "blank") to -= 1;
  return { from, to, how };
}
