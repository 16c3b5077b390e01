/**
 * What kind of message it must be, in words: “in replies”, “with an attachment”.
 */
import type { Schemas } from "../api/client";
import type { Words } from "./inWords";
import { orList } from "./lists";

type MessageIs = Schemas["MessageIs"];

export function messageInWords(message: MessageIs, { t, language }: Words): string[] {
  const or = (items: string[]) => orList(items, language);
  const kinds = { first: t("new messages"), reply: t("replies"), forward: t("forwards") };
  const formats = { html: t("HTML"), plain: t("plain text"), rtf: t("rich text") };
  const importances = { low: t("low"), normal: t("normal"), high: t("high") };
  const said: string[] = [];

  if (message.kinds?.length) said.push(t("in {{kinds}}", { kinds: or(message.kinds.map((kind) => kinds[kind])) }));
  if (message.formats?.length) {
    said.push(t("written as {{formats}}", { formats: or(message.formats.map((format) => formats[format])) }));
  }
  if (message.subject_contains?.length) {
    const texts = or(message.subject_contains.map((text) => `“${text}”`));
    said.push(t("with {{texts}} in the subject", { texts }));
  }
  if (message.has_attachment === true) said.push(t("with an attachment"));
  if (message.has_attachment === false) said.push(t("without an attachment"));
  if (message.importance?.length) {
    const list = or(message.importance.map((importance) => importances[importance]));
    said.push(t("of {{list}} importance", { list }));
  }
  if (message.larger_than_bytes != null) {
    said.push(t("larger than {{size}}", { size: sizeInWords(message.larger_than_bytes, language) }));
  }
  if (message.smaller_than_bytes != null) {
    said.push(t("smaller than {{size}}", { size: sizeInWords(message.smaller_than_bytes, language) }));
  }
  if (message.sensitivity_labels?.length)
    said.push(t("labelled {{labels}}", { labels: or(message.sensitivity_labels) }));
  return said;
}

/** “5 MB”, “1.5 MB”, “800 kB”, “12 bytes”. */
function sizeInWords(bytes: number, language: string): string {
  const [unit, divisor] =
    bytes >= 1_000_000
      ? (["megabyte", 1_000_000] as const)
      : bytes >= 1_000
        ? (["kilobyte", 1_000] as const)
        : (["byte", 1] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(bytes / divisor);
}
