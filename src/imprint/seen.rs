//! What a message says, for the question whether a signature stands in it already: in the newest text, or in the text it
//! quotes.
//!
//! Two ways lead to the answer. The word of our own element survives in HTML, with a prefix at most. A text is compared
//! by its letters and digits alone, in lower case: line ends, quote marks, blanks, fonts and entities are what mail
//! programs change when they quote. What they add by themselves is left out: `<https://…>` behind a link, `[cid:…]`
//! and `[image: …]` for a picture. Linear in the size of the text.

use std::collections::HashSet;
use std::fmt;

use memchr::{memchr_iter, memchr2, memmem};

use super::Piece;
use super::place::{Found, html};
use super::text::Format;
use super::wiped::WipedText;

/// Letters and digits that a text must have to be known again by them, where it is of several lines and where it is of
/// one: what has fewer may be anybody's words.
const LEAST_OF_LINES: usize = 20;
const LEAST_OF_A_LINE: usize = 40;

/// The longest address (RFC 5321 section 4.5.3.1).
const ADDRESS_BYTES: usize = 254;

/// Whether what is quoted is looked at as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoted {
    No,
    Too,
}

/// What one message says. Shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    newest: Letters,
    quoted: Letters,
    quoted_words: HashSet<String>,
    quoted_addresses: HashSet<String>,
}

/// A signature by its letters and digits: as its HTML shows it, and as its plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    forms: Vec<String>,
}

/// Letters and digits in lower case, in order, and where lines begin among them.
#[derive(Clone, Default, PartialEq, Eq)]
struct Letters {
    text: WipedText,
    lines: Vec<usize>,
}

impl Seen {
    /// `text` is looked through as what `found` says of it; what is quoted only where it is `wanted`.
    pub(super) fn of(format: Format, text: &str, found: &Found, wanted: Quoted) -> Seen {
        let at = if found.marker.is_some() { found.offset } else { text.len() };
        let (newest, quoted) = text.split_at_checked(at).unwrap_or((text, ""));
        let mut seen = Apart::default();
        seen.take(format, newest, false);
        let (mut quoted_words, mut quoted_addresses) = (HashSet::new(), HashSet::new());
        match wanted {
            Quoted::No => seen.quoted = Letters::default(),
            Quoted::Too => {
                seen.take(format, quoted, true);
                quoted_addresses = addresses(quoted);
                if format == Format::Html {
                    quoted_words = words(quoted);
                }
            }
        }
        Seen { newest: seen.newest, quoted: seen.quoted, quoted_words, quoted_addresses }
    }

    /// Whether the newest text has the signature in it, by its wording.
    pub fn newest_has(&self, wording: &Wording) -> bool {
        wording.is_within(&self.newest)
    }

    /// Whether the newest text is long enough to have any.
    pub fn newest_may_have_some(&self) -> bool {
        self.newest.text.len() >= LEAST_OF_LINES
    }

    /// Whether the quoted text has the signature in it, by its wording.
    pub fn quoted_has(&self, wording: &Wording) -> bool {
        wording.is_within(&self.quoted)
    }

    /// The words `signet-<13 base32>` in the quoted text, each once, any prefix (`x_`, `m_1-`) taken off.
    pub fn quoted_words(&self) -> impl Iterator<Item = &str> {
        self.quoted_words.iter().map(String::as_str)
    }

    /// Whether the quoted text names the address: as who wrote it, or to whom.
    pub fn quoted_names(&self, address: &str) -> bool {
        self.quoted_addresses.contains(&address.to_lowercase())
    }

    /// Octets it takes.
    pub fn bytes(&self) -> usize {
        let words = self.quoted_words.iter().chain(&self.quoted_addresses).map(|word| word.len() + 48);
        self.newest.bytes() + self.quoted.bytes() + words.sum::<usize>()
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Seen({} and {} octets)", self.newest.text.len(), self.quoted.text.len())
    }
}

impl Wording {
    pub fn of(piece: &Piece) -> Wording {
        let forms = [(Format::Html, piece.html.as_str()), (Format::Plain, piece.plain.as_str())];
        let own = |(format, text): (Format, &str)| {
            let mut own = Apart::default();
            own.take(format, text, true);
            own.quoted.is_telling().then(|| own.quoted.text.to_string())
        };
        let mut forms: Vec<String> = forms.into_iter().filter_map(own).collect();
        forms.dedup();
        Wording { forms }
    }

    /// Octets it takes.
    pub fn bytes(&self) -> usize {
        self.forms.iter().map(|form| size_of::<String>() + form.len()).sum()
    }

    /// From the beginning of a line to the end of one: in the middle of a sentence the same words are none of ours.
    fn is_within(&self, letters: &Letters) -> bool {
        let text = letters.text.as_bytes();
        self.forms.iter().any(|form| {
            memmem::find_iter(text, form.as_bytes()).any(|at| letters.breaks(at) && letters.breaks(at + form.len()))
        })
    }
}

impl Letters {
    fn push(&mut self, c: char) {
        if c == '\n' {
            let at = self.text.len();
            if self.lines.last() != Some(&at) {
                self.lines.push(at);
            }
        } else if c.is_alphanumeric() {
            c.to_lowercase().for_each(|c| self.text.push(c));
        }
    }

    fn breaks(&self, at: usize) -> bool {
        at == 0 || at == self.text.len() || self.lines.binary_search(&at).is_ok()
    }

    /// Nobody writes it by chance.
    fn is_telling(&self) -> bool {
        let several = self.lines.iter().any(|at| *at > 0 && *at < self.text.len());
        let least = if several { LEAST_OF_LINES } else { LEAST_OF_A_LINE };
        self.text.chars().take(least).count() == least
    }

    fn bytes(&self) -> usize {
        self.text.len() + self.lines.len() * size_of::<usize>()
    }
}

/// What is new and what is quoted; lines and blocks that are quoted one by one for themselves.
#[derive(Default)]
struct Apart {
    newest: Letters,
    quoted: Letters,
}

impl Apart {
    /// `quoted`: all of the text is.
    fn take(&mut self, format: Format, text: &str, quoted: bool) {
        let mut hear = |c: char, marked: bool| match c {
            '\n' => {
                self.newest.push(c);
                self.quoted.push(c);
            }
            _ if quoted || marked => self.quoted.push(c),
            _ => self.newest.push(c),
        };
        match format {
            Format::Html => html::each_shown(text, &mut hear),
            Format::Plain | Format::Rich => each_written(text, &mut hear),
        }
        hear('\n', quoted);
    }
}

/// The characters of a plain text, and whether they stand in a line that begins with `>`; but for what programs write in
/// the place of links and pictures.
fn each_written(text: &str, hear: &mut impl FnMut(char, bool)) {
    let (mut rest, mut marked, mut line_begins) = (text, false, true);
    while let Some(next) = rest.chars().next() {
        if line_begins && !next.is_whitespace() {
            (marked, line_begins) = (next == '>', false);
        }
        line_begins |= next == '\n';
        let skipped = match next {
            '<' => stand_in(rest, b'>', &["http://", "https://", "mailto:", "tel:"]),
            '[' => stand_in(rest, b']', &["cid:", "image:", "http://", "https://"]),
            _ => None,
        };
        if skipped.is_none() {
            hear(next, marked);
        }
        rest = rest.get(skipped.unwrap_or(next.len_utf8())..).unwrap_or_default();
    }
}

/// How long the bracket is that `text` begins with, where it holds one of these and no other bracket.
fn stand_in(text: &str, close: u8, kinds: &[&str]) -> Option<usize> {
    const MOST_BYTES: usize = 2048;
    let (open, inner) = text.as_bytes().split_first()?;
    let begins = |kind: &&str| inner.get(..kind.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(kind.as_bytes()));
    kinds.iter().find(|kind| begins(kind))?;
    let end = memchr2(*open, close, inner.get(..MOST_BYTES).unwrap_or(inner))?;
    (inner.get(end) == Some(&close)).then_some(end + 2)
}

/// The words of our elements, wherever they stand.
fn words(text: &str) -> HashSet<String> {
    const WORD: &str = "signet-";
    let word = |at: usize| {
        let rest = text.get(at + WORD.len()..)?;
        let digits = rest.bytes().take_while(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')).count();
        text.get(at..at + WORD.len() + digits).filter(|_| digits == 13).map(str::to_owned)
    };
    memmem::find_iter(text.as_bytes(), WORD).filter_map(word).take(MOST_WORDS).collect()
}

/// More than that stand in no thread that anybody reads.
const MOST_WORDS: usize = 10_000;

/// What looks like an address, in lower case.
fn addresses(text: &str) -> HashSet<String> {
    let bytes = text.as_bytes();
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"!#$%&'*+-/=?^_`{|}~.".contains(byte);
    let of_domain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || matches!(byte, b'.' | b'-');
    let around = |at: usize| {
        let before = bytes.get(at.saturating_sub(ADDRESS_BYTES)..at)?;
        let local = before.iter().rev().take_while(|byte| belongs(byte)).count();
        let after = bytes.get(at + 1..)?;
        let domain = after.iter().take(ADDRESS_BYTES).take_while(|byte| of_domain(byte)).count();
        let address = text.get(at - local..at + 1 + domain)?;
        (local > 0 && domain > 0).then(|| address.trim_end_matches(['.', '-']).to_lowercase())
    };
    let found = memchr_iter(b'@', bytes).filter_map(around).take(MOST_ADDRESSES);
    // In quotes, or in bold where HTML was made plain.
    let bare = |address: String| [address.trim_start_matches(['\'', '*', '_']).to_owned(), address];
    found.flat_map(bare).collect()
}

/// Room for the longest header blocks of a long thread.
const MOST_ADDRESSES: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;

    fn piece() -> Piece {
        Piece {
            place: Place::Reply,
            html: "<div class=\"signet-aaaaaaabbbbbb\"><b>Ada Vance</b><br>Contoso&nbsp;Ltd &amp; Co<br>\
                   <a href=\"https://contoso.example\">www.contoso.example</a></div>"
                .to_owned(),
            plain: "Ada Vance\nContoso Ltd & Co\nwww.contoso.example <https://contoso.example>\n".to_owned(),
            rich: None,
            images: Vec::new(),
        }
    }

    fn seen(format: Format, newest: &str, quoted: &str) -> Seen {
        let marker = (!quoted.is_empty()).then_some("plain.on_wrote");
        let found = Found { offset: newest.len(), marker, kind: None, words: Vec::new() };
        Seen::of(format, &format!("{newest}{quoted}"), &found, Quoted::Too)
    }

    #[test]
    fn a_signature_is_known_again_however_it_was_quoted() {
        let wording = Wording::of(&piece());
        for (format, text) in [
            (Format::Plain, "Hi\r\n> Ada\r\n> Vance\r\n> Contoso Ltd & Co\r\n> www.contoso.example\r\n"),
            (
                Format::Plain,
                ">> *Ada Vance* [cid:image001.png@01D]\n>> Contoso Ltd & Co www.contoso.example<https://x>",
            ),
            (Format::Plain, "Ada Vance\nCONTOSO LTD &\nCO\nwww.contoso.example <https://contoso.example>\n"),
            (Format::Rich, "Ada Vance\nContoso Ltd & Co\nwww.contoso.example"),
            (
                Format::Html,
                "<p><span>Ada&#32;Vance</span></p><style>x</style><p>Contoso Ltd&nbsp;&amp; Co</p>www<i>.contoso.example",
            ),
        ] {
            assert!(seen(format, "", text).quoted_has(&wording), "{text}");
            assert!(!seen(format, "", text).newest_has(&wording), "{text}");
            let bare: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['>', ' '])).collect();
            let own = if format == Format::Html { text.to_owned() } else { bare.join("\r\n") };
            assert!(seen(format, &own, "").newest_has(&wording), "{own}");
        }
        for (format, text) in [
            (Format::Plain, "Ada Vance\nContoso Ltd"),
            (Format::Plain, "Ada Vance\nContoso Ltd & Co\nwww.fabrikam.example"),
            // In a sentence they are anybody's words.
            (Format::Plain, "I am Ada Vance,\nContoso Ltd & Co,\nwww.contoso.example"),
            (Format::Plain, "Ada Vance\nContoso Ltd & Co\nsee www.contoso.example/jobs"),
            (Format::Html, "<p>By <b>Ada Vance</b></p><p>Contoso Ltd &amp; Co</p>www.contoso.example"),
            (Format::Html, "<p>Ada Vance</p><!-- Contoso Ltd & Co www.contoso.example -->"),
            (Format::Html, "<p>Ada Vance</p><p alt='Contoso Ltd Co www.contoso.example'></p>"),
        ] {
            assert!(!seen(format, text, "").newest_has(&wording), "{text}");
        }
    }

    /// Answers between or below the lines they quote have no one place where the quote begins.
    #[test]
    fn what_an_answer_quotes_line_by_line_is_no_newest_text() {
        let wording = Wording::of(&piece());
        let quoted = "> Ada Vance\r\n> Contoso Ltd & Co\r\n > www.contoso.example\r\nThat is fine with me.\r\n";
        let plain = seen(Format::Plain, quoted, "");
        assert!(plain.quoted_has(&wording) && !plain.newest_has(&wording));
        let html = "<blockquote type=cite><blockquote><p>Ada Vance</p><p>Contoso Ltd & Co</p></blockquote>\
                    <p>www.contoso.example</p></blockquote><p>That is fine with me.</p>";
        let html = seen(Format::Html, html, "");
        assert!(html.quoted_has(&wording) && !html.newest_has(&wording));
        // One end more than beginnings takes nothing away from what follows.
        assert!(
            !seen(Format::Html, "<blockquote><p>a</p></blockquote></blockquote><p>Ada Vance Contoso Ltd Co</p>", "")
                .newest
                .text
                .is_empty()
        );
    }

    #[test]
    fn a_few_letters_are_nobodys() {
        let short = Piece { html: "<p>Ada</p>".to_owned(), plain: "Ada".to_owned(), ..piece() };
        assert_eq!(Wording::of(&short).forms, Vec::<String>::new());
        assert!(!seen(Format::Plain, "Ada Ada Ada Ada Ada Ada Ada Ada", "").newest_has(&Wording::of(&short)));
        assert!(!seen(Format::Plain, "Thank you, Bob.", "").newest_may_have_some());
        let link = Piece { html: "<p>www.contoso-consulting.example</p>".to_owned(), plain: String::new(), ..piece() };
        assert_eq!(Wording::of(&link).forms, Vec::<String>::new());
    }

    #[test]
    fn quoted_text_has_words_and_addresses() {
        let quoted = "<div class=\"x_signet-aaaaaaabbbbbb y\">From: Bob &lt;<a href=\"mailto:Bob@Example.org\">bob@example.org</a>&gt;.\
                      signet-short signet-aaaaaaabbbbbbb m_1signet-aaaaaaabbbbbb Cc: 'Dora@example.org' *eve@example.org* To: o'neil@b\u{fc}ro.example.";
        let seen = seen(Format::Html, "new@example.org signet-newnewnewnewn", quoted);
        assert_eq!(seen.quoted_words().collect::<Vec<_>>(), ["signet-aaaaaaabbbbbb"]);
        for (address, named) in [
            ("BOB@example.org", true),
            ("o'neil@b\u{fc}ro.example", true),
            ("new@example.org", false),
            ("ob@example.org", false),
            ("dora@example.org", true),
            ("eve@example.org", true),
        ] {
            assert_eq!(seen.quoted_names(address), named, "{address}");
        }
        assert!(!format!("{seen:?}").contains("bob"));
    }
}
