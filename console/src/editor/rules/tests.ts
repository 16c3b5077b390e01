/**
 * The tests of a fact of the sender, as they are chosen in a form.
 */
import type { FactTest } from "../design/types";

export const TESTS: Record<FactTest["is"], string> = {
  equals: "is",
  contains: "contains",
  starts_with: "begins with",
  ends_with: "ends with",
  matches: "matches the pattern",
  empty: "is empty",
  not_empty: "is not empty",
};

/** A test of another kind about the same field, with what was typed kept where it still means something. */
export function testOf(is: FactTest["is"], test: FactTest): FactTest {
  const { field } = test;
  if (is === "empty" || is === "not_empty") return { is, field };
  return { is, field, value: "value" in test ? test.value : "" };
}
