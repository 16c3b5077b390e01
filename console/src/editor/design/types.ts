/**
 * The names of the design's parts, as the OpenAPI document gives them.
 *
 * A design is a tree of typed blocks. The editor changes nothing in its form: what it reads from the API it writes back,
 * key by key, but for what a person has edited.
 */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Align = Schemas["Align"];
export type Applies = Schemas["Applies"];
export type Alt = Schemas["Alt"];
export type Attribute = Schemas["Attribute"];
export type Bar = Schemas["Bar"];
export type Block = Schemas["Block"];
export type Column = Schemas["Column"];
export type Design = Schemas["Design"];
export type Fact = Schemas["Fact"];
export type FactTest = Schemas["FactTest"];
export type Fault = Schemas["Fault"];
export type Field = Schemas["Field"];
export type Filter = Schemas["Filter"];
export type Frame = Schemas["Frame"];
export type Icon = Schemas["Icon"];
export type ImageSummary = Schemas["ImageSummary"];
export type Link = Schemas["Link"];
export type Network = Schemas["Network"];
export type Part = Schemas["Part"];
export type PersonEntry = Schemas["PersonEntry"];
export type PersonKind = Schemas["PersonKind"];
export type Rendered = Schemas["Rendered"];
export type Shape = Schemas["Shape"];
export type SignatureEntry = Schemas["SignatureEntry"];
export type Span = Schemas["Span"];
export type Style = Schemas["Style"];
export type Styled = Schemas["Styled"];

export type Line = Span[];
export type BlockType = Block["type"];
export type BlockOf<Type extends BlockType> = Extract<Block, { type: Type }>;
export type TextBlock = BlockOf<"text"> | BlockOf<"disclaimer">;
export type PictureBlock = BlockOf<"image"> | BlockOf<"logo"> | BlockOf<"banner">;

/** Whether a piece of a line is a merge field. */
export function isField(span: Span): span is Field {
  return typeof span === "object" && "field" in span;
}

/** Whether a piece of a line is words with a style or a link. */
export function isStyled(span: Span): span is Styled {
  return typeof span === "object" && "text" in span;
}
