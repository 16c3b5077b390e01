//! One door for each context in which a value may stand: text, attribute, URL, part of a URL.
//!
//! A value that does not fit is made harmless or refused; nothing is ever passed on as markup, and no character that
//! hides or reorders what stands around it gets through.

use std::fmt::Write;

use super::phone;

/// Which line breaks of a value are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    /// As LF.
    Keep,
    /// Each as one blank.
    Blank,
}

/// Takes out what has no place in visible text: control characters, and those that reorder or hide the text around
/// them (UAX #9 section 2, tags, interlinear annotations, noncharacters). Blanks at both ends go too.
pub(super) fn clean(value: &str, breaks: Breaks) -> String {
    let mut out = String::with_capacity(value.len());
    let mut previous = '\0';
    for c in value.trim().chars() {
        match c {
            '\n' if previous == '\r' => {}
            '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push(if breaks == Breaks::Keep { '\n' } else { ' ' });
            }
            '\t' => out.push(' '),
            c if is_hidden(c) => {}
            c => out.push(c),
        }
        previous = c;
    }
    out
}

/// Whether the character has no place in visible text.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether a reader sees anything of the text. Signs that only join, part or colour what stands around them are kept in
/// words, and are nothing alone; nor are the letters and signs that are drawn as a blank.
pub(super) fn is_visible(text: &str) -> bool {
    let blank = |c: char| {
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}')
    };
    text.chars().any(|c| !c.is_whitespace() && !is_hidden(c) && !blank(c))
}

/// The most octets that the text becomes in any of the contexts: `&quot;` or `<br>`, a numeric reference, or three for
/// each octet in a URL.
pub(in crate::tenant) fn weight(text: &str) -> usize {
    let octets = |c: char| match c {
        c if c.is_ascii_alphanumeric() => 1,
        c if c.is_ascii() => 6,
        _ => 12,
    };
    text.chars().map(octets).sum()
}

/// HTML text and double-quoted attribute values. The result is ASCII; line breaks become `<br>` where `breaks` keeps
/// them.
pub(super) fn push_html(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>"),
            c if c.is_ascii_control() => {}
            c if c.is_ascii() => out.push(c),
            c => {
                // Writing into a string cannot fail.
                let _ = write!(out, "&#{};", u32::from(c));
            }
        }
    }
}

/// A value inside a double-quoted attribute.
pub(super) fn push_attribute(out: &mut String, value: &str) {
    push_html(out, &clean(value, Breaks::Blank));
}

/// Schemes a link may have; anything else could run or fetch something.
const SCHEMES: [&str; 4] = ["https", "http", "mailto", "tel"];

/// Whether the text begins with an allowed scheme and a colon.
pub(in crate::tenant) fn has_allowed_scheme(url: &str) -> bool {
    scheme(url).is_some_and(|scheme| SCHEMES.iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed)))
}

fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    // A colon behind a slash belongs to a path or port (RFC 3986 section 3.1).
    let well_formed = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (well_formed && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(scheme)
}

/// A whole URL as it goes into `href`: an allowed scheme, or a bare `www.example.com/…` which gets `https://`;
/// every octet that RFC 3986 does not allow as it stands is percent-encoded. `None` when it may not be a link.
pub(in crate::tenant) fn checked_url(text: &str) -> Option<String> {
    let text = clean(text, Breaks::Blank);
    let url = match has_allowed_scheme(&text) {
        true => text,
        false if is_bare_host(&text) => format!("https://{text}"),
        false => return None,
    };
    let (scheme, rest) = url.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = match scheme.as_str() {
        "http" | "https" => {
            let authority = rest.strip_prefix("//")?;
            let host_begins = authority.starts_with(|c: char| c.is_alphanumeric() || c == '[');
            // Text before an @ reads like the host and is not (phishing), and a backslash ends the host for browsers
            // alone (WHATWG URL): no link of a signature needs either.
            let host = authority.split(['/', '?', '#']).next().unwrap_or_default();
            (host_begins && !host.contains(['@', '\\'])).then_some(rest)?
        }
        _ => (!rest.is_empty()).then_some(rest)?,
    };
    let mut out = format!("{scheme}:");
    push_percent(&mut out, rest, |octet| octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&()*+,;=%".contains(&octet));
    Some(out)
}

/// `host.example` or `host.example/path`, without a scheme.
fn is_bare_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    host.contains('.')
        && host.starts_with(|c: char| c.is_alphanumeric())
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
}

/// A value inside a URL: everything but the unreserved characters is percent-encoded (RFC 3986 section 2.3), and `@`
/// in `mailto:` stays. In `tel:` only the number is kept, and its extension.
pub(super) fn push_url_value(out: &mut String, value: &str) {
    let value = clean(value, Breaks::Blank);
    let in_scheme = |name: &str| scheme(out).is_some_and(|scheme| scheme.eq_ignore_ascii_case(name));
    if in_scheme("tel") {
        out.push_str(&phone::dialled(&value));
        return;
    }
    let at_stays = in_scheme("mailto");
    push_percent(out, &value, |octet| {
        octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) || (at_stays && octet == b'@')
    });
}

fn push_percent(out: &mut String, text: &str, stays: impl Fn(u8) -> bool) {
    for octet in text.bytes() {
        if stays(octet) {
            out.push(char::from(octet));
        } else {
            let _ = write!(out, "%{octet:02X}");
        }
    }
}
