//! Banners: words between dashes, lines of their own before a forwarded message, marks of ticket systems, and a ruled
//! line above a block of header fields.

use super::super::Kind;
use super::super::words;
use super::{Hit, Line, block};

/// Whether the first line of the window is a banner.
pub(super) fn find(window: &[Line]) -> Option<Hit> {
    let text = &*window.first()?.text;
    let marked = text.starts_with(['#', '-', '*']) || text.ends_with(['-', '#', '*']);
    if marked && (text.contains("reply above this line") || text.contains("type your reply above")) {
        return Some(Hit::new("plain.reply_above", Some(Kind::Reply)));
    }
    let words = words::all();
    if text.ends_with(':')
        && let Some(kind) = words.begins.get(text.trim_end_matches([':', ' ']))
    {
        return Some(Hit::new("plain.begin_forwarded", Some(*kind)));
    }
    let inner = text.trim_start_matches(is_rule);
    let dashes = text.len() - inner.len();
    if dashes == 0 {
        return None;
    }
    if inner.trim_matches(is_rule_or_blank).is_empty() {
        return ruled_block(window, text);
    }
    let inner = inner.trim_start_matches(is_rule_or_blank);
    let end = inner.find("--").or_else(|| inner.find(is_rule)).unwrap_or(inner.len());
    let (phrase, tail) = inner.split_at_checked(end)?;
    let phrase = phrase.trim_end_matches([' ', ':', '*']);
    if dashes < 2 && !tail.starts_with(is_rule) {
        return None;
    }
    // "Original" alone is a heading unless dashes enclose it.
    let enclosed = dashes >= 4 && text.ends_with(is_rule);
    if let Some(kind) = words.banners.get(phrase).filter(|_| enclosed || phrase.len() >= 10) {
        return Some(Hit::new(banner_name(*kind), Some(*kind)));
    }
    // Notes: "----- Forwarded by Ada/Contoso on 01/02/2003 -----".
    let closed = text.ends_with(is_rule);
    if dashes >= 4 && closed && phrase.starts_with("forwarded by ") {
        return Some(Hit::new("notes.forwarded_by", Some(Kind::Forward)));
    }
    // In a language that is not known yet the header block below tells.
    let unknown = dashes >= 5 && closed && block::of_any_language(window.get(1..).unwrap_or_default());
    (unknown || dashes >= 3 && closed && block_below(window)).then_some(Hit::new("plain.original_message", None))
}

fn banner_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Forward => "plain.forwarded_message",
        Kind::First | Kind::Reply => "plain.original_message",
    }
}

/// A line of nothing but dashes or underscores counts only with a header block below: signatures and list footers
/// use it too.
fn ruled_block(window: &[Line], text: &str) -> Option<Hit> {
    let long = text.chars().filter(|c| is_rule(*c)).count() >= 5;
    (long && block_below(window)).then_some(Hit::new("plain.ruled_header_block", None))
}

fn block_below(window: &[Line]) -> bool {
    let below = (1..=3).find(|at| window.get(*at).is_some_and(|line| !line.blank));
    below.is_some_and(|at| block::find(window.get(at..).unwrap_or_default()).is_some())
}

fn is_rule(c: char) -> bool {
    matches!(c, '-' | '_' | '*' | '=' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}')
}

fn is_rule_or_blank(c: char) -> bool {
    c == ' ' || is_rule(c)
}
