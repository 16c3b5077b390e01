/**
 * What a signature is looked for in: a message, a file of a mail program, or what was pasted; and the pictures with it.
 */
import type { Size } from "../convert/reading";
import { inert } from "./inert";

/** A picture that is at hand, with every name by which the HTML may call it. */
export interface Held {
  /** In small letters. */
  names: string[];
  blob: Blob;
  /** What follows is there when the browser has read it. */
  size?: Size;
  /** As an address that holds the picture itself. */
  data?: string;
}

export interface Source {
  /** For people to tell it from others. */
  name: string;
  document: Document;
  /** Address of the author, if it is known. */
  from: string | null;
  /** Nothing but a signature is in it. */
  whole: boolean;
  held: Held[];
  /** Pictures inside that no mail program shows everywhere. */
  leftOut: number;
}

export function sourceOf(html: string, rest: Omit<Source, "document">): Source {
  const document = inert(html);
  const held = [
    ...rest.held,
    ...[...document.querySelectorAll("img")].flatMap((image) => heldOfData(image.getAttribute("src") ?? "")),
  ];
  return { ...rest, document, held };
}

/** Where a picture is: at hand, at a place on the web that nobody fetches, or nowhere. */
export type Whereabouts = { held: Held } | "outside" | "missing";

export function whereIs(src: string, held: Held[]): Whereabouts {
  const name = nameOf(src);
  const found = held.find(({ names }) => names.includes(name));
  if (found) return { held: found };
  return /^(https?:)?\/\//i.test(src) ? "outside" : "missing";
}

function nameOf(src: string): string {
  if (/^data:/i.test(src)) return src;
  if (/^cid:/i.test(src)) return decoded(src.slice(4)).toLowerCase();
  if (/^(https?:)?\/\//i.test(src)) return src;
  return decoded(src.split(/[\\/]/).at(-1) ?? "").toLowerCase();
}

function heldOfData(src: string): Held[] {
  const found = /^data:(image\/(?:png|jpe?g|gif));base64,([\s\S]*)$/i.exec(src);
  if (!found) return [];
  try {
    return [{ names: [src], blob: blobOf(found[2]!, found[1]!.toLowerCase().replace("jpg", "jpeg")) }];
  } catch {
    return [];
  }
}

export function blobOf(base64: string, type: string): Blob {
  const octets = Uint8Array.from(atob(base64.replace(/\s/g, "")), (one) => one.charCodeAt(0));
  return new Blob([octets], { type });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same with what only reading its pictures tells; one that cannot be read is left out. */
export async function measured(source: Source): Promise<Source> {
  const read = await Promise.all(source.held.map((one) => measuredPicture(one).catch(() => null)));
  const held = read.filter((one) => one !== null);
  return { ...source, held, leftOut: source.leftOut + read.length - held.length };
}

export async function measuredPicture(held: Held): Promise<Held> {
  const { width, height } = await createImageBitmap(held.blob);
  return { ...held, size: { width, height }, data: await dataOf(held.blob) };
}

function dataOf(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.onerror = () => failed(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(blob);
  });
}
