/** Designs of every kind, for property tests: any tree of blocks with some of the keys that each may have. */
import fc, { type Arbitrary } from "fast-check";
import type { Block, Column, Design, Span, Style } from "./types";

const colour = fc.stringMatching(/^#[0-9a-f]{6}$/);
const pixels = fc.integer({ min: 1, max: 200 });
const align = fc.constantFrom("left", "centre", "right");
const shape = fc.constantFrom("square", "rounded", "round");
const fact = fc.constantFrom("displayName", "extension7", "custom.pronouns", "manager.city");
const parts = fc.array(fc.oneof(fc.string(), fc.record({ field: fact })), { maxLength: 3 });
const link = fc.oneof(fc.constant("https://a.example/"), parts);
const alt = fc.oneof(fc.string(), parts);

/** The keys that must be there, and any of those that may. */
function keys(required: Record<string, Arbitrary<unknown>>, optional: Record<string, Arbitrary<unknown>> = {}) {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

const style = keys({}, { size: pixels, colour, weight: fc.constantFrom("normal", "bold"), italic: fc.boolean() });
const frame = keys({}, { background: colour, padding: pixels, radius: pixels });

export const anyStyle = style as Arbitrary<Style>;

export const anySpan = fc.oneof(
  fc.string(),
  keys({ text: fc.string() }, { style, link }),
  keys({ field: fact }, { before: fc.string(), after: fc.string(), format: fc.constant(["upper"]), style, link }),
) as Arbitrary<Span>;

const lines = fc.array(fc.array(anySpan, { maxLength: 4 }), { maxLength: 4 });
const block = (type: string, ...rest: Parameters<typeof keys>) => {
  const [required, optional] = rest;
  return keys({ type: fc.constant(type), ...required }, optional);
};

const picture = (type: string) =>
  block(type, { image: fc.constant("logo"), width: pixels }, { alt, link, align, shape, height: pixels });

const { any } = fc.letrec<{ any: Block; column: Column }>((tie) => ({
  column: keys(
    { blocks: fc.array(tie("any"), { maxLength: 3 }) },
    { width: pixels, rule: colour, frame, vertical: fc.constant("middle") },
  ) as unknown as Arbitrary<Column>,
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    block("text", { lines }, { style, align }),
    block("disclaimer", { lines }, { style, align }),
    picture("image"),
    picture("logo"),
    picture("banner"),
    block("photo", { width: pixels }, { height: pixels, alt, align, shape, initials: colour }),
    block(
      "social",
      { icons: fc.array(keys({ network: fc.constant("xing") }, { link }), { maxLength: 3 }) },
      { colour },
    ),
    block("button", { text: alt, link, colour }, { style, outline: fc.boolean(), shape, align }),
    block("qr", { code: fc.oneof(fc.constant({ vcard: {} }), fc.record({ link })), size: pixels }, { colour, alt }),
    block("html", { html: fc.string() }),
    block("divider", {}, { colour, thickness: pixels, width: pixels, align }),
    block("spacer", { height: pixels }),
    block("columns", { columns: fc.array(tie("column"), { maxLength: 3 }) }, { gap: pixels, width: pixels, align }),
    block("rows", { blocks: fc.array(tie("any"), { maxLength: 3 }) }, { gap: pixels, frame, align }),
    keys(
      { type: fc.constant("if"), when: fc.constant([{ is: "empty", field: "city" }]) },
      {
        then: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
        otherwise: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
      },
    ),
  ) as Arbitrary<Block>,
}));

export const anyDesign = keys(
  { version: fc.constant(1), blocks: fc.array(any, { maxLength: 4 }) },
  { style, direction: fc.constantFrom("ltr", "rtl", "auto") },
) as unknown as Arbitrary<Design>;
