//! Fills the merge fields of lines, links and alternative texts, and takes away what belongs to empty ones.
//!
//! In a line, the words before a field are its label and separator. They go with it when it is empty. A bracket opened
//! there waits for the next field in it, and goes with its closing one when there is none. What is then the first of the
//! line, or of the bracket, loses its separator. A line whose fields are all empty is left out; a line without fields
//! stays.

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
    /// Brackets of which nothing is drawn so far, the outermost first.
    brackets: Vec<Bracket<'a>>,
}

/// A bracket that stands before an empty field.
struct Bracket<'a> {
    /// The words that end with it.
    words: Vec<Run<'a>>,
    closes: char,
}

/// The lines that are left for this person.
pub(super) fn lines<'a>(lines: &'a [Line], view: &View<'_>) -> Vec<Vec<Run<'a>>> {
    lines.iter().filter_map(|spans| line(spans, view)).collect()
}

fn line<'a>(spans: &'a [Span], view: &View<'_>) -> Option<Vec<Run<'a>>> {
    let mut filling = Filling::default();
    let (mut fields, mut filled) = (0, 0);
    for (at, span) in spans.iter().enumerate() {
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
                    None => filling.drop_label(field, spans.get(at + 1..).unwrap_or_default()),
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
        // Words within a bracket of nothing go with it.
        while let Some(bracket) = self.brackets.last()
            && let Some((_, rest)) = text.split_once(bracket.closes)
        {
            text = rest.to_owned();
            self.brackets.pop();
            self.waiting.clear();
        }
        self.waiting.push(Run { text, style, link: None });
    }

    fn keep_field(&mut self, field: &'a Field, value: String, view: &View<'_>) {
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
        let mut first = self.runs.is_empty() && self.dropped;
        for Bracket { words, .. } in std::mem::take(&mut self.brackets) {
            self.push_words(words, first);
            first = true;
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.push_words(waiting, first);
        self.runs.push(run);
    }

    /// Words, without the separator at their front where there is nothing to separate them from. They may be several
    /// runs: it is taken from the front of all of them.
    fn push_words(&mut self, words: Vec<Run<'a>>, mut first: bool) {
        for mut run in words {
            if first {
                run.text = run.text.trim_start_matches(is_separator).to_owned();
                first = run.text.is_empty();
            }
            self.runs.extend(Some(run).filter(|run| !run.text.is_empty()));
        }
    }

    fn drop_label(&mut self, field: &Field, rest: &[Span]) {
        let words = std::mem::take(&mut self.waiting);
        let ends_in = |text: &str, bracket: &Bracket<'_>| text.contains(bracket.closes);
        if let Some(closes) = words.last().and_then(|run| closing(&run.text)) {
            let bracket = Bracket { words, closes };
            let closed_later = rest.iter().flat_map(words_of).any(|text| ends_in(text, &bracket));
            self.brackets.extend(Some(bracket).filter(|_| closed_later));
        }
        while self.brackets.last().is_some_and(|bracket| ends_in(&field.after, bracket)) {
            self.brackets.pop();
        }
        self.dropped = true;
    }
}

/// What closes the bracket that the text ends with.
fn closing(text: &str) -> Option<char> {
    match text.trim_end().chars().next_back()? {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        '\u{ab}' => Some('\u{bb}'),
        '\u{201c}' => Some('\u{201d}'),
        '"' => Some('"'),
        _ => None,
    }
}

fn words_of(span: &Span) -> impl Iterator<Item = &str> {
    let (one, other) = match span {
        Span::Words(text) => (text.as_str(), ""),
        Span::Styled(styled) => (styled.text.as_str(), ""),
        Span::Field(field) => (field.before.as_str(), field.after.as_str()),
    };
    [one, other].into_iter()
}

/// The target of a link; `None` when a field in it is empty or it may not be a link.
pub(super) fn link(link: &Link, view: &View<'_>) -> Option<String> {
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
pub(super) fn alt(alt: &Alt, view: &View<'_>) -> String {
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
