//! HTML of the tenant file, cut down to what can do no harm.
//!
//! What is not on the lists below is taken away: an unknown element leaves its words behind, an element that runs or
//! loads something goes with what is in it, an attribute or a declaration is dropped. What is left is balanced, and
//! cells and rows stand only inside tables of the fragment itself, so that nothing in it can end an element around it.
//! Own lists and no library: a parser of whole documents would be the largest thing in the pure layers, and what mail
//! programs draw is a small part of HTML.

use super::escape::{checked_url, is_hidden};
use super::raw_style::{colour, dimension, style, word};
use super::reference::decode;

/// A piece of a fragment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    Markup(Tag),
    /// Decoded.
    Text(String),
}

/// A tag that may be drawn.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub name: &'static str,
    pub closes: bool,
    /// Decoded and checked.
    pub attributes: Vec<(&'static str, String)>,
}

/// Elements that may stand, each with the attributes it may have beside those of all.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("b", &[]),
    ("big", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("center", &[]),
    ("div", &["align"]),
    ("em", &[]),
    ("font", &["color", "face", "size"]),
    ("h1", &["align"]),
    ("h2", &["align"]),
    ("h3", &["align"]),
    ("h4", &["align"]),
    ("hr", &["width", "size", "align"]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height", "border"]),
    ("li", &[]),
    ("ol", &[]),
    ("p", &["align"]),
    ("s", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("sup", &[]),
    ("table", &["width", "cellpadding", "cellspacing", "border", "bgcolor", "align", "role"]),
    ("tbody", &[]),
    ("td", &["width", "height", "align", "valign", "bgcolor", "colspan", "rowspan"]),
    ("tr", &["height", "align", "valign", "bgcolor"]),
    ("u", &[]),
    ("ul", &[]),
];

/// Elements that go with all that is in them.
const TAKEN_WHOLE: &[&str] = &[
    "applet",
    "audio",
    "canvas",
    "embed",
    "frame",
    "frameset",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "option",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xml",
    "xmp",
];

const VOID: &[&str] = &["br", "hr", "img"];

/// Deepest nesting; a tag beyond it is dropped.
const DEPTH: usize = 40;

/// Reads a fragment. Time is linear in its length.
pub(super) fn parse(html: &str) -> Vec<Node> {
    let mut fragment = Fragment::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, markup) = rest.split_at(at);
        fragment.text(text);
        rest = fragment.markup(markup);
    }
    fragment.text(rest);
    fragment.close_to(0);
    fragment.nodes
}

#[derive(Default)]
struct Fragment {
    nodes: Vec<Node>,
    open: Vec<&'static str>,
}

impl Fragment {
    fn text(&mut self, text: &str) {
        let text: String = decode(text)
            .chars()
            .map(|c| if c.is_ascii_whitespace() { ' ' } else { c })
            .filter(|c| !is_hidden(*c))
            .collect();
        if !text.is_empty() {
            self.nodes.push(Node::Text(text));
        }
    }

    /// Reads one tag, comment or declaration and gives what follows it.
    fn markup<'a>(&mut self, markup: &'a str) -> &'a str {
        if let Some(comment) = markup.strip_prefix("<!--") {
            return comment.split_once("-->").map_or("", |(_, rest)| rest);
        }
        if markup.starts_with("<!") || markup.starts_with("<?") {
            return markup.split_once('>').map_or("", |(_, rest)| rest);
        }
        let inner = markup.get(1..).unwrap_or_default();
        let closes = inner.starts_with('/');
        let named = inner.strip_prefix('/').unwrap_or(inner);
        if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.nodes.push(Node::Text("<".to_owned()));
            return inner;
        }
        let end = named.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(named.len());
        let (name, after) = named.split_at(end);
        let name = name.to_ascii_lowercase();
        let (attributes, rest) = read_attributes(after);
        if TAKEN_WHOLE.contains(&name.as_str()) {
            return if closes { rest } else { behind_close(rest, &name) };
        }
        let Some((name, allowed)) = ELEMENTS.iter().find(|(known, _)| *known == name) else { return rest };
        if closes {
            self.close(name);
        } else {
            self.open(name, allowed, attributes);
        }
        rest
    }

    fn open(&mut self, name: &'static str, allowed: &[&'static str], attributes: Vec<(String, String)>) {
        if !self.fits(name) || self.open.len() >= DEPTH {
            return;
        }
        let mut kept: Vec<(&'static str, String)> = Vec::new();
        for (key, value) in attributes {
            let known = ["style", "title", "dir"].iter().chain(allowed).find(|known| **known == key);
            if let Some(known) = known
                && let Some(value) = checked(name, known, &value)
                && !kept.iter().any(|(other, _)| other == known)
            {
                kept.push((known, value));
            }
        }
        if name == "img" && !kept.iter().any(|(key, _)| *key == "src") {
            return;
        }
        self.nodes.push(Node::Markup(Tag { name, closes: false, attributes: kept }));
        if !VOID.contains(&name) {
            self.open.push(name);
        }
    }

    /// Whether the element may stand here; what has to end before it is ended.
    fn fits(&mut self, name: &str) -> bool {
        let parents: &[&str] = match name {
            "tbody" => &["table"],
            "tr" => &["table", "tbody"],
            "td" => &["tr"],
            // A parser ends a table that another begins in, outside of its cells.
            "table" => {
                if let Some(table) = self.table_without_cell() {
                    self.close_to(table);
                }
                return true;
            }
            // Whatever else stands there it moves out of the table.
            _ if self.table_without_cell().is_some() => return false,
            // Elements that cannot stand inside themselves.
            "a" | "li" | "p" => {
                if self.open.last() == Some(&name) {
                    self.close(name);
                }
                return name != "a" || !self.open.contains(&"a");
            }
            _ => return true,
        };
        let table = self.open.iter().rposition(|open| *open == "table");
        let parent = self.open.iter().rposition(|open| parents.contains(open));
        match (table, parent) {
            (Some(table), Some(parent)) if parent >= table => {
                self.close_to(parent + 1);
                true
            }
            _ => false,
        }
    }

    /// The place of the innermost table, where no cell of it is open.
    fn table_without_cell(&self) -> Option<usize> {
        let at = self.open.iter().rposition(|open| matches!(*open, "table" | "td"))?;
        (self.open.get(at) == Some(&"table")).then_some(at)
    }

    /// Ends the element, if it is open in the same cell, and all that are open in it.
    fn close(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| *open == name) else { return };
        let crosses_table = self.open.iter().skip(at + 1).any(|open| *open == "table");
        if !crosses_table || name == "table" {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, length: usize) {
        while self.open.len() > length {
            if let Some(name) = self.open.pop() {
                self.nodes.push(Node::Markup(Tag { name, closes: true, attributes: Vec::new() }));
            }
        }
    }
}

impl Tag {
    /// The id of the tenant's image that it shows.
    pub(super) fn picture(&self) -> Option<&str> {
        self.attribute("src")?.strip_prefix("image:")
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// The attributes of a tag and what follows its `>`.
fn read_attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        if rest.is_empty() {
            return (found, rest);
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || "=>/".contains(c)).unwrap_or(rest.len()).max(1);
        let Some((name, after)) = rest.split_at_checked(end) else { return (found, "") };
        let mut value = "";
        rest = after;
        if let Some(after) = rest.trim_start().strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (text, tail) = match quote {
                Some(quote) => after.get(1..).unwrap_or_default().split_once(quote).unwrap_or(("", "")),
                None => {
                    let end = after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len());
                    after.split_at(end)
                }
            };
            (value, rest) = (text, tail);
        }
        found.push((name.to_ascii_lowercase(), decode(value)));
    }
}

/// What follows the end tag of an element whose content is taken away.
fn behind_close<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut at = rest;
    while let Some(begin) = at.find("</") {
        at = at.get(begin + 2..).unwrap_or_default();
        if at.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return at.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

/// The value as it may be drawn, `None` to drop the attribute.
fn checked(element: &str, name: &str, value: &str) -> Option<String> {
    let value = value.trim();
    match name {
        "href" => Some(value.to_owned()),
        "src" => {
            let own = value.strip_prefix("image:").is_some_and(|id| !id.is_empty());
            let foreign = checked_url(value).filter(|url| url.starts_with("https:"));
            if own { Some(value.to_owned()) } else { foreign }
        }
        "alt" | "title" => Some(value.to_owned()),
        "style" => style(value),
        "bgcolor" | "color" => colour(value),
        "align" | "valign" | "dir" | "role" => word(value),
        "face" => crate::tenant::problems::is_font(value).then(|| value.to_owned()),
        "size" if element == "font" => dimension(value.trim_start_matches('+')),
        _ => dimension(value),
    }
}
