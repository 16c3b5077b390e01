/**
 * Saves a PowerShell script as a file. Windows PowerShell takes a file for UTF-8 only by the mark at its beginning, and
 * names of organisations and groups are in any language.
 */
const MARK = "\uFEFF";

export const scriptFile = (script: string) => new Blob([MARK, script], { type: "text/plain;charset=utf-8" });

export function saveScript(name: string, script: string) {
  const address = URL.createObjectURL(scriptFile(script));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
