/** Pictures are kept no larger than they are seen. */
import { describe, expect, it } from "vitest";
import { fit } from "./fit";

describe("the size", () => {
  it.each([
    ["twice what is shown", { width: 1000, height: 500 }, 120, { width: 240, height: 120 }],
    ["never enlarged", { width: 100, height: 50 }, 120, { width: 100, height: 50 }],
    ["exactly fitting", { width: 240, height: 10 }, 120, { width: 240, height: 10 }],
    ["never nothing", { width: 4000, height: 2 }, 100, { width: 200, height: 1 }],
  ])("%s", (_, size, shown, expected) => expect(fit(size, shown)).toEqual(expected));
});
