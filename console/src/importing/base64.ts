/** The octets of a blob as base64. */
export async function base64Of(blob: Blob): Promise<string> {
  const octets = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  // In steps: so many arguments at once are too many.
  for (let at = 0; at < octets.length; at += 8_192) text += String.fromCharCode(...octets.subarray(at, at + 8_192));
  return btoa(text);
}
