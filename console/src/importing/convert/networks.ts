/**
 * Which social network a link leads to, by its host.
 */
import type { Network } from "../../editor/design/types";

const HOSTS: [Network, RegExp][] = [
  ["linkedin", /(^|\.)(linkedin\.com|lnkd\.in)$/],
  ["facebook", /(^|\.)(facebook\.com|fb\.com|fb\.me)$/],
  ["x", /(^|\.)(twitter\.com|x\.com)$/],
  ["instagram", /(^|\.)instagram\.com$/],
  ["youtube", /(^|\.)(youtube\.com|youtu\.be)$/],
  ["xing", /(^|\.)xing\.(com|to)$/],
  ["mastodon", /(^|\.)(mastodon\.[a-z]+|mas\.to|fosstodon\.org)$/],
  ["bluesky", /(^|\.)bsky\.(app|social)$/],
  ["threads", /(^|\.)threads\.(net|com)$/],
  ["tiktok", /(^|\.)tiktok\.com$/],
  ["whatsapp", /(^|\.)(wa\.me|whatsapp\.com)$/],
  ["telegram", /(^|\.)(t\.me|telegram\.me)$/],
  ["pinterest", /(^|\.)(pinterest\.[a-z.]+|pin\.it)$/],
  ["github", /(^|\.)github\.com$/],
  ["vimeo", /(^|\.)vimeo\.com$/],
];

export function networkOf(link: string | undefined): Network | undefined {
  let host: string;
  try {
    host = new URL(link ?? "").hostname.toLowerCase();
  } catch {
    return undefined;
  }
  return HOSTS.find(([, pattern]) => pattern.test(host))?.[0];
}
