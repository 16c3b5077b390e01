//! Writes what is left of HTML of the tenant file, its fields filled in, and says which facts and pictures it names.
//!
//! A value is text wherever it stands: in words, in an attribute, in a link.

use std::fmt::Write;

use super::View;
use super::escape::{checked_url, is_visible, push_attribute, push_html, push_url_value};
use super::raw::{Node, Tag, parse};
use super::reference::decode;
use crate::tenant::Fact;

/// Writes a tag; `picture` is where the tenant's image it shows is found.
pub(super) fn push_tag(out: &mut String, tag: &Tag, picture: Option<&str>, view: &View<'_>) {
    if tag.closes {
        let _ = write!(out, "</{}>", tag.name);
        return;
    }
    let _ = write!(out, "<{}", tag.name);
    for (key, value) in &tag.attributes {
        let value = match *key {
            "href" => match target(value, view) {
                Some(target) => target,
                None => continue,
            },
            "src" => picture.unwrap_or(value).to_owned(),
            "alt" | "title" => filled(value, view),
            _ => value.clone(),
        };
        let _ = write!(out, " {key}=\"");
        push_attribute(out, &value);
        out.push('"');
    }
    if tag.name == "a" {
        out.push_str(" target=\"_blank\"");
    }
    out.push('>');
}

/// A link with its fields filled in, `None` when it may not be one.
pub(super) fn target(text: &str, view: &View<'_>) -> Option<String> {
    let mut url = String::new();
    for (words, name) in fields(text) {
        url.push_str(words);
        if let Some(name) = name {
            let value = view.value(&Fact::parse(name)?, &[])?;
            if url.is_empty() { url.push_str(&value) } else { push_url_value(&mut url, &value) }
        }
    }
    checked_url(&url)
}

pub(super) fn push_text(out: &mut String, text: &str, view: &View<'_>) {
    push_html(out, &filled(text, view));
}

/// The text with the values of its fields.
pub(super) fn filled(text: &str, view: &View<'_>) -> String {
    let mut out = String::new();
    for (words, name) in fields(text) {
        out.push_str(words);
        out.extend(name.and_then(Fact::parse).and_then(|fact| view.value(&fact, &[])));
    }
    out
}

/// The words of a text and the name of the field that follows them, in turn.
fn fields(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let now = rest.take()?;
        let Some((words, after)) = now.split_once("{{") else { return Some((now, None)) };
        let Some((name, after)) = after.split_once("}}") else { return Some((now, None)) };
        rest = Some(after);
        Some((words, Some(name.trim())))
    })
}

/// What a fragment names.
#[derive(Debug, Default)]
pub(in crate::tenant) struct References {
    /// How many fields it has.
    pub fields: usize,
    /// Names of fields that do not exist.
    pub unknown: Vec<String>,
    /// Ids of the tenant's images.
    pub pictures: Vec<String>,
}

pub(in crate::tenant) fn references(html: &str) -> References {
    let mut found = References::default();
    for node in parse(html) {
        let texts = match &node {
            Node::Text(text) => vec![text.as_str()],
            Node::Markup(tag) => {
                found.pictures.extend(tag.picture().map(str::to_owned));
                ["href", "alt", "title"].iter().filter_map(|name| tag.attribute(name)).collect()
            }
        };
        for name in texts.into_iter().flat_map(fields).filter_map(|(_, name)| name) {
            found.fields += 1;
            if Fact::parse(name).is_none() {
                found.unknown.push(name.to_owned());
            }
        }
    }
    found
}

/// Whether a reader sees anything of the HTML.
pub(super) fn says_something(html: &str) -> bool {
    let mut pieces = html.split('<');
    let visible = |text: &str| is_visible(&decode(text));
    pieces.next().is_some_and(visible)
        || pieces.any(|piece| {
            piece.starts_with("img")
                || piece.starts_with("hr")
                || piece.split_once('>').is_some_and(|(_, t)| visible(t))
        })
}
