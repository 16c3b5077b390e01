/** What differs stands under what it is about. */
import { expect, test } from "vitest";
import { byPart, type Difference } from "./differencesInWords";

const one = (place: string, sentence: string): Difference => ({ place, sentence, change: "changed" });

test("differences are sorted by what they are about", () => {
  const told = byPart([
    one("/name", "name: “a” is “b” now"),
    one("/applies/schedule/from", "applies, schedule, from: a is b now"),
    one("/design/blocks/1", "design, block 2: a divider was added"),
    one("/applies/recipients", "applies, recipients: a is b now"),
  ]);
  expect(told).toEqual([
    { title: "Design", sentences: ["Block 2: a divider was added"] },
    { title: "Schedule", sentences: ["Schedule, from: a is b now"] },
    { title: "Who gets it", sentences: ["Recipients: a is b now"] },
    { title: "Settings", sentences: ["Name: “a” is “b” now"] },
  ]);
});
