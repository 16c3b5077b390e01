/** Whether two signatures say the same, whatever the order of their keys. */
import { hashKey } from "@tanstack/react-query";
import type { SignatureEntry } from "../design/types";

export function same(one: SignatureEntry, other: SignatureEntry): boolean {
  return hashKey([one]) === hashKey([other]);
}
