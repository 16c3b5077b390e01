/** What is wrong is told in whole sentences. */
import { expect, it } from "vitest";
import { faultInWords } from "./faults";

it.each([
  ["/applies/schedule/until", "is not after `from`", "“until” is not after “from”"],
  ["/applies/senders/domains/0", "is empty or longer than 320 octets", "“domains” is empty or longer than 320 octets"],
  ["/design/blocks/0/image", "there is no image `logo`", "there is no image “logo”"],
  ["", "is wrong", "is wrong"],
])("%s: %s", (place, detail, expected) => expect(faultInWords({ place, detail })).toBe(expected));
