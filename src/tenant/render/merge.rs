//! Fills the merge fields of lines, links and alternative texts, and takes away what belongs to empty ones.
//!
//! In a line, the words before a field are its label and separator. They go with it when it is empty, and a bracket
//! opened there takes the closing one along. What is then the first of the line loses its separator. A line whose
//! fields are all empty is left out; a line without fields stays.

use super::View;
use super::escape::{Breaks, checked_url, clean, push_url_value};
use crate::tenant::design::{Alt, Field, Line, Link, Part, Span, Style, Styled};

/// Text of one style and link. Line breaks are LF.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run<'a> {
    pub text: String,
    pub style: Option<&'a Style>,
    pub link: Option<String>,
}

/// A line being filled.
#[derive(Default)]
struct Filling<'a> {
    runs: Vec<Run<'a>>,
    /// Words that wait for the field they belong to.
    waiting: Vec<Run<'a>>,
    dropped: bool,
    /// The bracket to be taken from the next words, since its opening one was dropped.
    closing: Option<char>,
}

/// The lines that are left for this person.
pub(super) fn lines<'a>(lines: &'a [Line], view: View<'_>) -> Vec<Vec<Run<'a>>> {
    lines.iter().filter_map(|spans| line(spans, view)).collect()
}

fn line<'a>(spans: &'a [Span], view: View<'_>) -> Option<Vec<Run<'a>>> {
    let mut filling = Filling::default();
    let (mut fields, mut filled) = (0, 0);
    for span in spans {
        match span {
            Span::Words(text) => filling.wait(text, None),
            Span::Styled(Styled { text, style, link: None }) => filling.wait(text, Some(style)),
            Span::Styled(Styled { text, style, link: Some(target) }) => {
                // Linked words are content of their own, not a label.
                let text = clean_words(text);
                filling.keep(Run { text, style: Some(style), link: link(target, view) });
            }
            Span::Field(field) => {
                fields += 1;
                match view.value(&field.field, &field.format) {
                    Some(value) => {
                        filled += 1;
                        filling.keep_field(field, value, view);
                    }
                    None => filling.drop_label(),
                }
            }
        }
    }
    let Filling { mut runs, waiting, .. } = filling;
    runs.extend(waiting);
    (fields == 0 || filled > 0).then_some(runs)
}

impl<'a> Filling<'a> {
    fn wait(&mut self, text: &str, style: Option<&'a Style>) {
        let mut text = clean_words(text);
        if let Some(bracket) = self.closing.take()
            && let Some(rest) = text.strip_prefix(bracket)
        {
            text = rest.to_owned();
        }
        self.waiting.push(Run { text, style, link: None });
    }

    fn keep_field(&mut self, field: &'a Field, value: String, view: View<'_>) {
        let style = Some(&field.style);
        if !field.before.is_empty() {
            self.waiting.push(Run { text: clean_words(&field.before), style: None, link: None });
        }
        self.keep(Run { text: value, style, link: field.link.as_ref().and_then(|target| link(target, view)) });
        if !field.after.is_empty() {
            self.runs.push(Run { text: clean_words(&field.after), style: None, link: None });
        }
    }

    fn keep(&mut self, run: Run<'a>) {
        if self.runs.is_empty() && self.dropped {
            // Words may be several runs: the separator is taken from the front of all of them.
            while let Some(first) = self.waiting.first_mut() {
                first.text = first.text.trim_start_matches(is_separator).to_owned();
                if !first.text.is_empty() {
                    break;
                }
                self.waiting.remove(0);
            }
        }
        self.runs.append(&mut self.waiting);
        self.runs.push(run);
        self.closing = None;
    }

    fn drop_label(&mut self) {
        let opened = self.waiting.last().and_then(|run| run.text.trim_end().chars().next_back());
        self.closing = opened.and_then(|bracket| match bracket {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            '\u{ab}' => Some('\u{bb}'),
            '\u{201c}' => Some('\u{201d}'),
            '"' => Some('"'),
            _ => None,
        });
        self.waiting.clear();
        self.dropped = true;
    }
}

/// The target of a link; `None` when a field in it is empty or it may not be a link.
pub(super) fn link(link: &Link, view: View<'_>) -> Option<String> {
    let parts = match link {
        Link::Fixed(text) => return checked_url(text),
        Link::Parts(parts) => parts,
    };
    let mut url = String::new();
    for part in parts {
        match part {
            Part::Words(text) => url.push_str(text),
            Part::Field(field) => {
                let value = view.value(&field.field, &field.format)?;
                if url.is_empty() {
                    // The attribute itself is the address.
                    url.push_str(&value);
                } else {
                    let before = url.len();
                    push_url_value(&mut url, &value);
                    if url.len() == before {
                        return None;
                    }
                }
            }
        }
    }
    checked_url(&url)
}

/// Alternative text; empty fields are left out with nothing in their place.
pub(super) fn alt(alt: &Alt, view: View<'_>) -> String {
    let text = match alt {
        Alt::Fixed(text) => text.clone(),
        Alt::Parts(parts) => parts
            .iter()
            .filter_map(|part| match part {
                Part::Words(text) => Some(text.clone()),
                Part::Field(field) => view.value(&field.field, &field.format),
            })
            .collect(),
    };
    clean(&text, Breaks::Blank)
}

/// Words of a design, their blanks at both ends kept.
fn clean_words(text: &str) -> String {
    let inner = text.trim_matches(' ');
    let lead = text.len() - text.trim_start_matches(' ').len();
    let tail = if inner.is_empty() { 0 } else { text.len() - lead - inner.len() };
    format!("{}{}{}", " ".repeat(lead), clean(inner, Breaks::Blank), " ".repeat(tail))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '|' | ',' | ';' | '/' | '-' | '\u{b7}' | '\u{60c}' | '\u{2022}' | '\u{2013}' | '\u{2014}' | '\u{2219}'
        )
}
