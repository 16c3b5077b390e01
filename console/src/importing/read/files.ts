/**
 * Files that somebody has chosen or dropped, and what somebody has pasted, as sources. Messages are read by the server,
 * which alone understands MIME; everything else stays in the browser.
 */
import type { Schemas } from "../../api/client";
import { htmlOfPlain } from "./inert";
import { blobOf, sourceOf, type Held, type Source } from "./source";

export type MessageRead = Schemas["MessageRead"];

/** A file that cannot be used, and why: in English for `t`. */
export interface Refused {
  name: string;
  why: string;
}

const SIGNATURE_FILE = /\.html?$/i;
const MESSAGE = /\.eml$/i;
const PLAIN = /\.txt$/i;
const PICTURE = /^image\/(png|jpeg|gif|bmp|webp)$/;

export async function readFiles(files: File[], read: (file: File) => Promise<MessageRead>) {
  const sources: Source[] = [];
  const refused: Refused[] = [];
  const held: Held[] = files
    .filter(({ type }) => PICTURE.test(type))
    .map((file) => ({ names: [file.name.toLowerCase()], blob: file }));
  for (const file of files) {
    const { name } = file;
    if (SIGNATURE_FILE.test(name)) {
      const html = decodedHtml(new Uint8Array(await file.arrayBuffer()));
      sources.push(sourceOf(html, { name, from: null, whole: true, held, leftOut: 0 }));
    } else if (PLAIN.test(name)) {
      sources.push(sourceOf(htmlOfPlain(await file.text()), { name, from: null, whole: true, held, leftOut: 0 }));
    } else if (MESSAGE.test(name) || file.type === "message/rfc822") {
      const source = sourceOfMessage(name, await read(file));
      if (source) sources.push(source);
      else refused.push({ name, why: "There is no text in this message." });
    } else if (/\.msg$/i.test(name)) {
      refused.push({
        name,
        why: "A .msg file can be read by Outlook only. Open it there, and save it as .eml or paste the signature.",
      });
    } else if (!PICTURE.test(file.type) && !/\.(xml|thmx|mso|rtf|wmz|emz)$/i.test(name)) {
      refused.push({ name, why: "This is no message and no signature file. Take an .eml or .htm file." });
    }
  }
  if (sources.length === 0 && refused.length === 0 && held.length > 0) {
    refused.push({
      name: files[0]!.name,
      why: "These are pictures alone. Drop them together with the .htm file they belong to.",
    });
  }
  return { sources, refused };
}

function sourceOfMessage(name: string, read: MessageRead): Source | null {
  const html = read.html ?? (read.plain ? htmlOfPlain(read.plain) : null);
  if (html === null) return null;
  const held = read.pictures.map(({ id, name, type, base64 }) => ({
    names: [id.toLowerCase(), name.toLowerCase()].filter(Boolean),
    blob: blobOf(base64, type),
  }));
  return sourceOf(html, { name, from: read.from ?? null, whole: false, held, leftOut: read.left_out });
}

/** What was pasted; `null` if there is neither HTML nor text. */
export function readPasted(data: DataTransfer, name: string): Source | null {
  const html = data.getData("text/html") || htmlOfPlain(data.getData("text/plain"));
  if (html === "<div><br></div>") return null;
  const files = [...data.files].filter(({ type }) => PICTURE.test(type));
  const held = files.map((file) => ({ names: [file.name.toLowerCase()], blob: file }));
  return sourceOf(html, { name, from: null, whole: true, held, leftOut: 0 });
}

/** Outlook for Windows writes the code page of the computer, or UTF-16 with a mark. */
export function decodedHtml(octets: Uint8Array): string {
  if (octets[0] === 0xff && octets[1] === 0xfe) return new TextDecoder("utf-16le").decode(octets);
  if (octets[0] === 0xfe && octets[1] === 0xff) return new TextDecoder("utf-16be").decode(octets);
  const head = new TextDecoder("latin1").decode(octets.slice(0, 2_048));
  const said = /charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  for (const charset of ["utf-8", said, "windows-1252"]) {
    try {
      if (charset) return new TextDecoder(charset, { fatal: true }).decode(octets);
    } catch {
      // Not this one.
    }
  }
  return new TextDecoder().decode(octets);
}

/** Every file that was dropped, those in dropped folders too. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) return [...data.files];
  return (await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const within = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
  return (await Promise.all(within.filter(({ isFile }) => isFile).map(filesIn))).flat();
}
