/**
 * What CSS says of the elements of a message, without a browser that lays it out: declarations of their own and of the
 * style sheets in the message. Only what a mail program's signature uses is understood; the rest is skipped.
 */

/** Properties in small letters, shorthands as they were written. */
export type Declarations = Record<string, string>;

interface Rule {
  selector: string;
  weight: number;
  declarations: Declarations;
}

const MOST_RULES = 2_000;

/** `a:b; c:d` taken apart; a later one wins. */
export function declarationsIn(text: string): Declarations {
  const found: Declarations = {};
  for (const [, name, value] of text.matchAll(/([\w-]+)\s*:\s*((?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)?|["'])*)/g)) {
    found[name!.toLowerCase()] = value!.replace(/!\s*important/i, "").trim();
  }
  return found;
}

/** The rules of a style sheet that hold for every screen. */
export function rulesIn(css: string): Rule[] {
  const plain = css.replace(/\/\*[^]*?\*\//g, "").replace(/<!--|-->/g, "");
  // What is behind a condition is for small screens or for one program.
  const always = plain.replace(/@[\w-]+[^{};]*(;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})/g, "");
  const found: Rule[] = [];
  for (const [, selectors, body] of always.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const declarations = declarationsIn(body!);
    for (const selector of selectors!.split(",").map((one) => one.trim())) {
      if (selector && found.length < MOST_RULES) found.push({ selector, weight: weightOf(selector), declarations });
    }
  }
  return found;
}

/** Identifiers before classes before names of elements. */
function weightOf(selector: string): number {
  const count = (pattern: RegExp) => selector.match(pattern)?.length ?? 0;
  return count(/#/g) * 10_000 + count(/[.[:]/g) * 100 + count(/(^|[\s>+~])[a-z]/gi);
}

export type CssOf = (element: Element) => Declarations;

/** Looks up what a document says of each of its elements. */
export function cssOf(document: Document): CssOf {
  const sheets = [...document.querySelectorAll("style")].map((style) => style.textContent ?? "");
  const rules = rulesIn(sheets.join("\n")).sort((one, other) => one.weight - other.weight);
  const known = new WeakMap<Element, Declarations>();
  return (element) => {
    const before = known.get(element);
    if (before) return before;
    const said: Declarations = {};
    for (const rule of rules) if (matches(element, rule.selector)) say(said, rule.declarations);
    say(said, declarationsIn(element.getAttribute("style") ?? ""));
    known.set(element, said);
    return said;
  };
}

/** What is said later wins; `margin` takes the place of an earlier `margin-top`. */
function say(said: Declarations, later: Declarations) {
  for (const [name, value] of Object.entries(later)) {
    for (const part of Object.keys(said)) if (part.startsWith(`${name}-`)) delete said[part];
    said[name] = value;
  }
}

function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false; // Word writes selectors that nobody else knows.
  }
}
