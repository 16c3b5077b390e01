/**
 * The HTML of a stranger as a document that does nothing: no script runs, nothing is fetched, and what could act when it
 * is shown is taken out.
 */

const ACTING =
  "script, object, embed, iframe, frame, frameset, applet, meta, link, base, svg, math, template, noscript, audio, video";

export function inert(html: string): Document {
  const document = new DOMParser().parseFromString(html, "text/html");
  document.querySelectorAll(ACTING).forEach((element) => element.remove());
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const acts = /^on|^(formaction|action|srcset|ping|background)$/i.test(name);
      if (acts || (/^(href|src|xlink:href)$/i.test(name) && /^[\s\u0000-\u001f]*(javascript|vbscript)/i.test(value))) {
        element.removeAttribute(name);
      }
    }
  }
  return document;
}

/** Lines of plain text as HTML, with links where it names addresses. */
export function htmlOfPlain(text: string): string {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const linked = escaped.replace(/\bhttps?:\/\/[^\s<>"]+|[\w.+-]+@[\w-]+(\.[\w-]+)+/g, (found) =>
    found.startsWith("http") ? `<a href="${found}">${found}</a>` : `<a href="mailto:${found}">${found}</a>`,
  );
  return linked
    .split(/\r?\n/)
    .map((line) => `<div>${line || "<br>"}</div>`)
    .join("");
}
