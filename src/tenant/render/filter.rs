//! Puts a value as the filters of its field say, and says how long it can become by them.

use super::phone;
use crate::tenant::design::{Filter, Replace};

/// Most characters a value has after its filters: as many as an attribute may have.
const MOST_CHARS: usize = 4096;

/// Most octets of one character in HTML or in a URL.
const CHAR_OCTETS: usize = 12;

/// The value after every filter, in order.
pub(super) fn apply(value: String, filters: &[Filter]) -> String {
    filters.iter().fold(value, |value, filter| {
        let mut value = step(value, filter);
        if let Some((end, _)) = value.char_indices().nth(MOST_CHARS) {
            value.truncate(end);
        }
        value
    })
}

fn step(value: String, filter: &Filter) -> String {
    match filter {
        Filter::Upper => value.to_uppercase(),
        Filter::Lower => value.to_lowercase(),
        Filter::Title => title(&value),
        Filter::Trim => value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        Filter::Phone(format) => phone::format(&value, format).unwrap_or(value),
        Filter::Replace(Replace { from, to }) if !from.is_empty() => replaced(&value, from, to),
        Filter::Replace(_) => value,
        Filter::Date(format) => date(&value, &format.pattern).unwrap_or(value),
    }
}

/// As `str::replace`, but no longer than is kept of it.
fn replaced(value: &str, from: &str, to: &str) -> String {
    let mut out = String::new();
    for (number, piece) in value.split(from).enumerate() {
        if number > 0 {
            out.push_str(to);
        }
        out.push_str(piece);
        if out.len() > 4 * MOST_CHARS {
            break;
        }
    }
    out
}

/// Words of one case get a capital in front; those that mix cases (`McDonald`, `van`) were written with intent.
fn title(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for word in value.split_inclusive(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}')) {
        let mixed = word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase);
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !mixed => {
                out.extend(first.to_uppercase());
                out.push_str(&letters.as_str().to_lowercase());
            }
            _ => out.push_str(word),
        }
    }
    out
}

/// `None` when the value is no date, or the pattern no pattern.
fn date(value: &str, pattern: &str) -> Option<String> {
    let day: jiff::civil::Date = value.trim().get(..10)?.parse().ok()?;
    jiff::fmt::strtime::format(pattern, day).ok()
}

/// Whether a pattern can be used for dates.
pub(in crate::tenant) fn is_date_pattern(pattern: &str) -> bool {
    !pattern.trim().is_empty() && date("2026-11-22", pattern).is_some()
}

/// A value of ASCII that is as long, escaped, as any that these filters could make of one no longer than this.
pub(super) fn widest(mut value: String, filters: &[Filter]) -> String {
    let start = value.len();
    let octets = filters.iter().fold(start, |octets, filter| {
        let grown = match filter {
            Filter::Lower | Filter::Trim => octets * 3,
            // One letter becomes up to three.
            Filter::Upper | Filter::Title => octets * 3,
            Filter::Phone(_) => octets * 2 + 8,
            Filter::Replace(Replace { from, to }) => {
                octets + octets / from.chars().count().max(1) * to.chars().count() * CHAR_OCTETS
            }
            Filter::Date(_) => octets + 256 * CHAR_OCTETS,
        };
        grown.min(MOST_CHARS * CHAR_OCTETS).max(octets)
    });
    value.extend(std::iter::repeat_n('0', octets - start));
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::design::DateFormat;

    #[test]
    fn letters_and_blanks() {
        for (filter, value, expected) in [
            (Filter::Upper, "stra\u{df}e", "STRASSE"),
            (Filter::Lower, "ADA", "ada"),
            (Filter::Title, "ADA VANCE-O'NEIL", "Ada Vance-O'neil"),
            (Filter::Title, "head of SALES at McDonald", "Head Of Sales At McDonald"),
            (Filter::Trim, "a   b  c", "a b c"),
            (
                Filter::Replace(Replace { from: "Dept.".into(), to: "Department".into() }),
                "Dept. of X",
                "Department of X",
            ),
            (Filter::Replace(Replace { from: "x".into(), to: String::new() }), "xax", "a"),
            (Filter::Date(DateFormat { pattern: "%d.%m.%Y".into() }), "2026-11-22T10:00:00Z", "22.11.2026"),
            (Filter::Date(DateFormat { pattern: "%-d %B %Y".into() }), "2026-03-02", "2 March 2026"),
            (Filter::Date(DateFormat { pattern: "%d.%m.%Y".into() }), "soon", "soon"),
            (
                Filter::Date(DateFormat { pattern: "%d.%m.%Y".into() }),
                "\u{1f600}\u{1f600}\u{1f600}\u{1f600}",
                "\u{1f600}\u{1f600}\u{1f600}\u{1f600}",
            ),
        ] {
            assert_eq!(apply(value.to_owned(), std::slice::from_ref(&filter)), expected, "{filter:?}");
        }
    }

    #[test]
    fn filters_work_in_order_and_never_beyond_the_bound() {
        let swap = |from: &str, to: &str| Filter::Replace(Replace { from: from.into(), to: to.into() });
        assert_eq!(apply("a".into(), &[swap("a", "b"), Filter::Upper]), "B");
        let long = [swap("a", &"a".repeat(256)), swap("a", &"a".repeat(256)), swap("a", "\u{1f600}")];
        let value = apply("aaaa".into(), &long);
        assert_eq!(value.chars().count(), MOST_CHARS);
        assert!(widest("aaaa".into(), &long).len() >= MOST_CHARS * CHAR_OCTETS);
    }

    #[test]
    fn patterns_are_told_from_other_texts() {
        assert!(is_date_pattern("%d.%m.%Y") && !is_date_pattern("%Q!") && !is_date_pattern(" "));
    }
}
