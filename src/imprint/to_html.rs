//! Plain text as HTML that reads the same: for a plain text that becomes one half of an alternative.
//!
//! Lines stay lines, blanks stay blanks, quote marks stay; flowed lines of one paragraph are joined (RFC 3676 section 4).
//! Addresses of the web become links, as programs show them in plain text. Linear in the size of the text.

use super::compose::Flow;
use super::wiped::WipedText;

/// How the lines of the text are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) flow: Flow,
    /// DelSp=yes: the blank that ends a flowed line is no part of the text.
    pub(super) without_blank: bool,
}

/// Writes a block of the text; nothing where nothing but empty lines is in it.
pub(super) fn push_block(out: &mut WipedText, text: &str, lines: Lines, line_end: &str) {
    let shown = text.trim_matches(['\r', '\n']);
    if shown.is_empty() {
        return;
    }
    out.push_str("<div dir=\"auto\" style=\"font-family:Calibri,Arial,sans-serif;font-size:11pt\">");
    let mut open: Option<usize> = None;
    for (number, line) in shown.lines().enumerate() {
        let line = read(line, lines);
        if open != Some(line.depth) {
            if number > 0 {
                out.push_str("<br>");
                out.push_str(line_end);
            }
            (0..line.depth).for_each(|_| out.push_str("&gt; "));
        }
        push(out, line.text);
        open = line.goes_on.then_some(line.depth);
    }
    out.push_str("</div>");
    out.push_str(line_end);
}

struct Line<'t> {
    depth: usize,
    text: &'t str,
    /// The next line belongs to the same paragraph.
    goes_on: bool,
}

fn read(line: &str, lines: Lines) -> Line<'_> {
    if lines.flow == Flow::Fixed {
        return Line { depth: 0, text: line, goes_on: false };
    }
    let bare = line.trim_start_matches('>');
    let depth = line.len() - bare.len();
    let text = bare.strip_prefix(' ').unwrap_or(bare);
    let goes_on = text.ends_with(' ') && text != "-- ";
    let text = if goes_on && lines.without_blank { text.strip_suffix(' ').unwrap_or(text) } else { text };
    Line { depth, text, goes_on }
}

/// A line, its links as such.
fn push(out: &mut WipedText, line: &str) {
    let mut rest = line;
    while let Some(at) = next_link(rest) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let end = from.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(from.len());
        let link = from.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        push_text(out, before);
        out.push_str("<a href=\"");
        push_text(out, link);
        out.push_str("\">");
        push_text(out, link);
        out.push_str("</a>");
        rest = from.get(link.len()..).unwrap_or_default();
    }
    push_text(out, rest);
}

fn next_link(text: &str) -> Option<usize> {
    const SCHEMES: [&str; 2] = ["http://", "https://"];
    let mut from = 0;
    loop {
        let at = from + memchr::memmem::find(text.as_bytes().get(from..)?, b"://")?;
        let scheme = SCHEMES.iter().find(|scheme| text.get(..at + 3).is_some_and(|before| before.ends_with(*scheme)));
        let names_a_host = text.get(at + 3..)?.starts_with(char::is_alphanumeric);
        match scheme {
            Some(scheme) if names_a_host => return Some(at + 3 - scheme.len()),
            _ => from = at + 3,
        }
    }
}

fn push_text(out: &mut WipedText, text: &str) {
    // A blank that begins a line, and of several all but the first, would be lost.
    let mut blank = out.ends_with('\n') || out.ends_with("11pt\">");
    for c in text.chars() {
        match c {
            ' ' if blank => out.push_str("&nbsp;"),
            '\t' => out.push_str("&nbsp; &nbsp; "),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' | '\u{b}' | '\u{85}' | '\u{2028}' => out.push_str("<br>"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        blank = matches!(c, ' ' | '\t');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXED: Lines = Lines { flow: Flow::Fixed, without_blank: false };
    const FLOWED: Lines = Lines { flow: Flow::Flowed, without_blank: false };
    const DEL_SP: Lines = Lines { flow: Flow::Flowed, without_blank: true };

    #[test]
    fn text_reads_the_same() {
        for (lines, text, want) in [
            (FIXED, "Hi <b> & \"you\"\r\n", "Hi &lt;b&gt; &amp; &quot;you&quot;"),
            (FIXED, "a\r\n\r\nb", "a<br>\n<br>\nb"),
            (FIXED, "  a   b\tc\u{7}d\re", "&nbsp;&nbsp;a &nbsp;&nbsp;b&nbsp; &nbsp; c d<br>e"),
            (FIXED, "https://a.example b", "<a href=\"https://a.example\">https://a.example</a> b"),
            (FIXED, "> a \n> b", "&gt; a <br>\n&gt; b"),
            (FLOWED, "a \nb\n\n> c \n> d\n>> e\n-- \nf", "a b<br>\n<br>\n&gt; c d<br>\n&gt; &gt; e<br>\n-- <br>\nf"),
            (FLOWED, "  a\n From b", "&nbsp;a<br>\nFrom b"),
            (DEL_SP, "\u{65e5}\u{672c} \n\u{8a9e}", "\u{65e5}\u{672c}\u{8a9e}"),
            (
                FIXED,
                "See https://a.example/x?a=1&b=2. Or <http://b.example>, not ftp://c.example nor https:// alone",
                "See <a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>. Or \
                 &lt;<a href=\"http://b.example\">http://b.example</a>&gt;, not ftp://c.example nor https:// alone",
            ),
        ] {
            let mut html = WipedText::default();
            push_block(&mut html, text, lines, "\n");
            let inner = html.split_once("11pt\">").unwrap_or_default().1.strip_suffix("</div>\n").unwrap_or_default();
            assert_eq!(inner, want, "{text:?}");
        }
        let mut html = WipedText::default();
        push_block(&mut html, "\r\n\r\n", FIXED, "\n");
        assert_eq!(&*html, "");
    }
}
