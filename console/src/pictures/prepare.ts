/**
 * Makes a file that somebody chose into a picture that every mail program shows: PNG, JPEG or GIF, as large as it is seen.
 *
 * It happens in the browser; what is uploaded is what will be sent. The server judges it again.
 */
import { fit, MOST_BYTES, type Size } from "./fit";

/** Why a file cannot be used, in English for `t`. */
export class UnusablePicture extends Error {}

const MOST_PIXELS = 40_000_000;
const QUALITY = 0.88;

/** The picture to upload, and the size it has. */
export interface Prepared extends Size {
  blob: Blob;
}

export async function prepare(file: File, shown: number): Promise<Prepared> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new UnusablePicture("This file is no picture that the browser can read. Take a PNG, JPEG or GIF.");
  });
  const size = { width: bitmap.width, height: bitmap.height };
  if (size.width * size.height > MOST_PIXELS) throw new UnusablePicture("The picture has more than 40 million pixels.");
  if (file.type === "image/gif") return ofGif(file, size);

  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/png";
  const wanted = fit(size, shown);
  if (file.type === type && wanted.width === size.width && file.size <= MOST_BYTES) return { blob: file, ...size };
  return drawn(bitmap, wanted, type);
}

/** Drawn anew it would move no more. */
function ofGif(file: File, size: Size): Prepared {
  if (file.size > MOST_BYTES)
    throw new UnusablePicture("The GIF is larger than 1 MiB. Make it smaller, or take a PNG.");
  return { blob: file, ...size };
}

/** Smaller and smaller, until it is light enough. */
async function drawn(bitmap: ImageBitmap, { width, height }: Size, type: string): Promise<Prepared> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (!context) throw new UnusablePicture("The browser cannot draw the picture.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, QUALITY));
  if (!blob) throw new UnusablePicture("The browser cannot draw the picture.");
  if (blob.size <= MOST_BYTES || width < 16) return { blob, width, height };
  return drawn(bitmap, { width: Math.round(width * 0.8), height: Math.round(height * 0.8) }, type);
}
