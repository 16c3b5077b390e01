/**
 * How large a picture is kept.
 */

/** Most octets that the API takes. */
export const MOST_BYTES = 1 << 20;

/** Screens of today show two pixels where one is asked for; more is never seen and only weighs. */
const SHARPNESS = 2;

export interface Size {
  width: number;
  height: number;
}

/** The size in which a picture is kept that is shown so many pixels wide. It is never enlarged. */
export function fit({ width, height }: Size, shown: number): Size {
  const scale = Math.min(1, (SHARPNESS * shown) / width);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
