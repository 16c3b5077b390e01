/** What could not be kept, in words. English for `t`. */
import type { Loss } from "./convert/reading";

export const LOSS_WORDS: Record<Loss, string> = {
  background: "Pictures behind text are left out; Outlook for Windows does not draw them.",
  form: "Form fields are left out; no mail program keeps them.",
  media: "Videos, sounds and embedded pages are left out. A picture with a link does the same in every mail program.",
  struck: "Struck-out words are shown without the stroke.",
  raised: "Raised and lowered letters stand on the line.",
  deep: "Tables deep inside each other were made flatter.",
  vector: "Vector drawings (SVG) are left out; few mail programs show them. Upload a PNG instead.",
};
