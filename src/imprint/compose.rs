//! The text that is put in: line ends of the leaf, blank lines around plain text, lines short enough to travel.
//!
//! Plain text: one empty line before and after and no `-- ` line, which would make clients hide what follows. In
//! format=flowed only fixed lines are written, stuffed where they must be (RFC 3676 section 4.4); they read the same
//! with and without DelSp. HTML begins and ends on lines of its own.

/// The format parameter of a plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Fixed,
    Flowed,
}

/// Own HTML lines are broken near here, where a tag has room for it.
const HTML_LINE_BYTES: usize = 76;
/// And here between words, for which a line end is as good as a blank: a long paragraph without a tag.
const TEXT_LINE_BYTES: usize = 400;

pub(super) fn html(text: &str, at: usize, pieces: &[&str], line_end: &str) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let mut out = String::with_capacity(pieces.iter().map(|piece| piece.len() + piece.len() / 32 + 8).sum());
    // At the beginning of a line too: what follows may begin like the piece, and a comparison of the texts shall find
    // the place at a tag, not within one.
    if !before.is_empty() || !after.is_empty() {
        out.push_str(line_end);
    }
    for (number, piece) in pieces.iter().enumerate() {
        if number > 0 {
            out.push_str(line_end);
        }
        for (index, line) in break_tags(piece.trim_end_matches(['\r', '\n'])).lines().enumerate() {
            if index > 0 {
                out.push_str(line_end);
            }
            out.push_str(line);
        }
    }
    let ends_line = if after.is_empty() { !needs_line_end(before) && !before.is_empty() } else { !begins_line(after) };
    if ends_line {
        out.push_str(line_end);
    }
    out
}

pub(super) fn plain(text: &str, at: usize, pieces: &[&str], line_end: &str, flow: Flow) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let mut out = String::new();
    if needs_line_end(before) {
        out.push_str(line_end);
    }
    let last = last_line(before);
    if !before.is_empty() && !last.trim().is_empty() {
        out.push_str(line_end);
        // A flowed line swallows the empty line behind it (RFC 3676 section 4.2).
        if flow == Flow::Flowed && last.ends_with(' ') && last != "-- " {
            out.push_str(line_end);
        }
    }
    for (number, piece) in pieces.iter().enumerate() {
        if number > 0 {
            out.push_str(line_end);
            out.push_str(line_end);
        }
        for (index, line) in piece.trim_matches(['\r', '\n']).lines().enumerate() {
            if index > 0 {
                out.push_str(line_end);
            }
            push_line(&mut out, line, flow);
        }
    }
    if after.is_empty() {
        if !before.is_empty() && !needs_line_end(before) {
            out.push_str(line_end);
        }
    } else {
        if !begins_line(after) {
            out.push_str(line_end);
            out.push_str(line_end);
        } else if !first_line_after_break(after).trim().is_empty() {
            out.push_str(line_end);
        }
    }
    out
}

fn push_line(out: &mut String, line: &str, flow: Flow) {
    // A trailing blank would flow the line, and `-- ` would make a signature separator.
    let line = line.trim_end_matches([' ', '\t']);
    let stuffed = flow == Flow::Flowed && (line.starts_with([' ', '>']) || line.starts_with("From "));
    if stuffed {
        out.push(' ');
    }
    out.push_str(line);
}

fn needs_line_end(before: &str) -> bool {
    !before.is_empty() && !before.ends_with('\n')
}

fn begins_line(after: &str) -> bool {
    after.starts_with('\n') || after.starts_with("\r\n")
}

/// The last line that has ended, or is about to be ended.
fn last_line(before: &str) -> &str {
    let before = before.strip_suffix('\n').map_or(before, |rest| rest.strip_suffix('\r').unwrap_or(rest));
    before.rsplit('\n').next().unwrap_or_default()
}

/// What stands behind the line end that `after` begins with.
fn first_line_after_break(after: &str) -> &str {
    let rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n')).unwrap_or(after);
    rest.lines().next().unwrap_or_default()
}

/// Breaks long lines inside tags, outside quotes, where blanks mean nothing.
fn break_tags(piece: &str) -> String {
    if piece.lines().all(|line| line.len() <= HTML_LINE_BYTES) {
        return piece.to_owned();
    }
    let mut out = String::with_capacity(piece.len() + piece.len() / HTML_LINE_BYTES);
    let mut line_start = 0;
    let (mut chance, mut text_chance) = (None, None);
    let mut in_tag = false;
    let mut quote = None;
    let mut previous = ' ';
    let mut comment = false;
    let mut rest = piece;
    while let Some(character) = rest.chars().next() {
        // Characters that mean nothing here are taken together, as far as none of them can end the line.
        let room = if chance.is_some() { HTML_LINE_BYTES } else { TEXT_LINE_BYTES - 1 };
        let dull = dull_run(rest, room.saturating_sub(out.len() - line_start), previous);
        if let Some((run, behind)) = rest.split_at_checked(dull).filter(|_| dull > 0) {
            out.push_str(run);
            previous = run.chars().next_back().unwrap_or(previous);
            rest = behind;
            continue;
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        comment = match previous {
            '>' if comment => !out.ends_with("-->"),
            '-' if !comment => out.ends_with("<!--"),
            _ => comment,
        };
        let free = in_tag && quote.is_none() && !comment;
        if free && (character.is_ascii_whitespace() || (character == '>' && previous != '/' && previous != '-')) {
            chance = Some(out.len());
        }
        if !in_tag && !comment && character == ' ' {
            text_chance = Some(out.len());
        }
        match (character, quote) {
            ('\n', _) => {
                out.push('\n');
                (line_start, chance, text_chance, previous) = (out.len(), None, None, '\n');
                continue;
            }
            _ if comment => in_tag = false,
            ('"' | '\'', None) if in_tag => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            ('<', None) => in_tag = !out.ends_with('<'),
            ('>', None) => in_tag = false,
            _ => {}
        }
        out.push(character);
        previous = character;
        let length = out.len() - line_start;
        let at = match length {
            0..=HTML_LINE_BYTES => None,
            TEXT_LINE_BYTES.. => chance.take().or(text_chance),
            _ => chance.take(),
        };
        if let Some(at) = at {
            out.insert(at, '\n');
            (line_start, text_chance) = (at + 1, None);
        }
    }
    out
}

/// How many bytes, at most `room`, are neither blank, quote nor bracket, nor a dash that may belong to a comment.
fn dull_run(text: &str, room: usize, previous: char) -> usize {
    if matches!(previous, '-' | '>') {
        return 0;
    }
    let bytes = text.as_bytes();
    let bytes = bytes.get(..room).unwrap_or(bytes);
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += rest.iter().position(|byte| !DULL[usize::from(*byte)]).unwrap_or(rest.len());
        let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
        let alone = !before.map_or(previous == '!', |before| matches!(before, b'-' | b'!'));
        if !alone || bytes.get(at) != Some(&b'-') {
            return at;
        }
        at += 1;
    }
}

/// Bytes that mean nothing inside or outside tags, whatever stands before them.
const DULL: [bool; 256] = {
    let mut dull = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        dull[byte as usize] = !matches!(byte, b'<' | b'>' | b'"' | b'\'' | b'-');
        byte += 1;
    }
    dull
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_one_empty_line_before_and_after() {
        for (text, at, want) in [
            ("", 0, "SIG"),
            ("a", 1, "\r\n\r\nSIG"),
            ("a\r\n", 3, "\r\nSIG\r\n"),
            ("a\r\n\r\n", 5, "SIG\r\n"),
            ("a\r\n> b", 3, "\r\nSIG\r\n\r\n"),
            ("a\r\n\r\n> b", 5, "SIG\r\n\r\n"),
            ("a\r\n\r\n\r\n> b", 5, "SIG\r\n"),
            ("> b", 0, "SIG\r\n\r\n"),
            ("\u{feff}> b", 3, "SIG\r\n\r\n"),
        ] {
            assert_eq!(plain(text, at, &["SIG"], "\r\n", Flow::Fixed), want, "{text:?}");
        }
    }

    #[test]
    fn flowed_lines_are_fixed_and_stuffed() {
        let piece = "-- \n> x\n y \nFrom z\nlast ";
        assert_eq!(plain("a \n", 3, &[piece], "\n", Flow::Flowed), "\n\n--\n > x\n  y\n From z\nlast\n");
        assert_eq!(plain("a", 1, &[piece], "\n", Flow::Fixed), "\n\n--\n> x\n y\nFrom z\nlast");
    }

    #[test]
    fn long_html_lines_are_broken_inside_tags_only() {
        let style = "x".repeat(60);
        let piece =
            format!("<div class=\"a b\" style=\"{style}\" id='c > d'><img src=\"{style}\"/>text of the author</div>");
        let broken = break_tags(&piece);
        assert!(broken.lines().count() > 1);
        assert_eq!(broken.replace('\n', ""), piece);
        assert!(broken.contains("text of the author"));
        let long = break_tags(&"word ".repeat(500));
        assert!(long.lines().all(|line| line.len() <= TEXT_LINE_BYTES));
        assert_eq!(long.replace('\n', ""), "word ".repeat(500));
    }
}
