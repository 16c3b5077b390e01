/**
 * What the inspection's script wrote, as it was pasted: an object, whatever stands around it.
 */
export function parsedInspection(written: string): Record<string, unknown> | null {
  const [from, to] = [written.indexOf("{"), written.lastIndexOf("}")];
  if (from < 0 || to < from) return null;
  try {
    const found: unknown = JSON.parse(written.slice(from, to + 1));
    const known = typeof found === "object" && found !== null && "outbound" in found && "inbound" in found;
    return known ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
