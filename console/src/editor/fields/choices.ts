/**
 * A choice of a few, each with its name; the first is what holds where nothing is said.
 */
export interface Choice<Value extends string> {
  value: Value;
  /** English; it goes through `t`. */
  label: string;
}

export const ALIGNMENTS: Choice<"left" | "centre" | "right">[] = [
  { value: "left", label: "Left" },
  { value: "centre", label: "Centre" },
  { value: "right", label: "Right" },
];

export const SHAPES: Choice<"square" | "rounded" | "round">[] = [
  { value: "square", label: "Square" },
  { value: "rounded", label: "Rounded" },
  { value: "round", label: "Round" },
];

export const VERTICALS: Choice<"top" | "middle" | "bottom">[] = [
  { value: "top", label: "Top" },
  { value: "middle", label: "Middle" },
  { value: "bottom", label: "Bottom" },
];

export const SIDES: Choice<"left" | "right" | "top" | "bottom">[] = [
  { value: "left", label: "Left" },
  { value: "right", label: "Right" },
  { value: "top", label: "Top" },
  { value: "bottom", label: "Bottom" },
];
