/**
 * The social networks that have an icon, with the glyph and the colour in which the renderer draws it.
 */
import type { Network } from "./types";

export interface DrawnNetwork {
  title: string;
  glyph: string;
  colour: string;
}

export const NETWORKS: Record<Network, DrawnNetwork> = {
  linkedin: { title: "LinkedIn", glyph: "in", colour: "#0a66c2" },
  facebook: { title: "Facebook", glyph: "f", colour: "#1877f2" },
  x: { title: "X", glyph: "X", colour: "#000000" },
  instagram: { title: "Instagram", glyph: "ig", colour: "#c13584" },
  youtube: { title: "YouTube", glyph: "▶", colour: "#cc0000" },
  xing: { title: "XING", glyph: "xi", colour: "#006567" },
  mastodon: { title: "Mastodon", glyph: "m", colour: "#563acc" },
  bluesky: { title: "Bluesky", glyph: "b", colour: "#0a66e0" },
  threads: { title: "Threads", glyph: "@", colour: "#101010" },
  tiktok: { title: "TikTok", glyph: "♪", colour: "#111111" },
  whatsapp: { title: "WhatsApp", glyph: "wa", colour: "#128c4a" },
  telegram: { title: "Telegram", glyph: "t", colour: "#1b7fb8" },
  pinterest: { title: "Pinterest", glyph: "P", colour: "#bd081c" },
  github: { title: "GitHub", glyph: "gh", colour: "#24292f" },
  vimeo: { title: "Vimeo", glyph: "v", colour: "#12759c" },
  website: { title: "Website", glyph: "www", colour: "#4a5568" },
};
