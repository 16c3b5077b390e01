/**
 * What the server found wrong, as a sentence. Some of its sentences begin with their place: “is not after `from`”.
 */
import type { Fault } from "./types";

export function faultInWords({ place, detail }: Fault): string {
  const key = place.split("/").findLast((step) => step !== "" && !/^\d+$/.test(step));
  const whole = /^is /.test(detail) && key ? `\`${key}\` ${detail}` : detail;
  return whole.replace(/`([^`]*)`/g, "“$1”");
}
