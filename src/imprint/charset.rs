//! Charsets: decode a leaf to find the place, encode a piece so that it fits in (RFC 2045 section 5.2, WHATWG labels).
//!
//! A text is decoded to look at it, never to write it back. What a charset cannot carry becomes a numeric reference
//! in HTML; plain text is then moved to UTF-8 as a whole by the caller. The labels `us-ascii` and `iso-8859-1` mean
//! windows-1252 to many senders: octets 80 to 9F are read so, but never written. Charsets that are no superset of ASCII
//! ([`utf16`], [`utf7`]) take the piece whole, in their own octets.

mod meta;
#[cfg(test)]
mod tests;
mod utf16;
mod utf7;

use std::borrow::Cow;

use encoding_rs::{BIG5, CoderResult, Encoding, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Reason;
use super::wiped::{Wiped, WipedText};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charset {
    kind: Kind,
    limits: Repertoire,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Only ASCII stands in it.
    Ascii,
    Known(&'static Encoding),
    /// The HTML says so itself: read so, written in ASCII.
    Told(&'static Encoding),
    Utf16(utf16::Order),
    /// With a `+` in it; without one it is ASCII that is written [`Repertoire::Direct`].
    Utf7,
    /// Some superset of ASCII, nobody says which: read as far as needed, written in ASCII.
    Opaque,
}

/// What the label promises beside what the encoder writes: readers differ about vendors' additions to a charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repertoire {
    All,
    /// ISO 8859: nothing in 80 to 9F.
    NoC1,
    /// EUC of GB 2312, KS X 1001 and JIS X 0208: both octets from A1, and no row 13.
    Euc,
    /// No octet 80, which only some take for the euro sign.
    Gbk,
    /// Neither the euro sign nor the additions of ETEN and Hong Kong.
    Big5,
    /// Neither row 13 nor the rows of NEC and IBM.
    ShiftJis,
    /// What stands for itself in UTF-7.
    Direct,
}

impl Repertoire {
    fn of(label: &str) -> Repertoire {
        match label {
            "gb2312" | "gb_2312-80" | "euc-cn" | "euc-kr" | "euc-jp" | "x-euc-jp" => Repertoire::Euc,
            "latin1" => Repertoire::NoC1,
            _ if label.starts_with("iso-8859") || label.starts_with("iso8859") => Repertoire::NoC1,
            _ => match Encoding::for_label(label.as_bytes()) {
                Some(encoding) if encoding == BIG5 => Repertoire::Big5,
                Some(encoding) if encoding == SHIFT_JIS => Repertoire::ShiftJis,
                Some(encoding) if encoding == GBK => Repertoire::Gbk,
                _ => Repertoire::All,
            },
        }
    }

    fn holds(self, octets: &[u8]) -> bool {
        match self {
            Repertoire::All => true,
            Repertoire::Direct => octets.iter().all(|octet| utf7::is_direct(*octet)),
            Repertoire::NoC1 => octets.iter().all(|octet| !(0x80..=0x9f).contains(octet)),
            Repertoire::Euc => pairs(octets, |one, two| one >= 0xa1 && one != 0xad && two >= 0xa1),
            Repertoire::Gbk => pairs(octets, |one, _| one > 0x80),
            Repertoire::Big5 => pairs(octets, |one, two| {
                let place = u16::from_be_bytes([one, two]);
                (0xa140..=0xa3bf).contains(&place) || (0xa440..=0xf9d5).contains(&place)
            }),
            Repertoire::ShiftJis => pairs(octets, |one, _| matches!(one, 0x81..=0x84 | 0x88..=0x9f | 0xe0..=0xea)),
        }
    }
}

/// A decoded text. `None`: the octets are UTF-8 and stand for themselves.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Decoded {
    pub(super) text: Option<WipedText>,
    /// Some octets were not of the charset.
    pub(super) lossy: bool,
}

/// The octets without their transfer encoding.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) enum Own {
    /// They are the encoded ones.
    None,
    Octets(Wiped),
    /// They are UTF-8 and stand for themselves.
    Text(WipedText),
}

impl Own {
    pub(super) fn octets(&self) -> Option<&[u8]> {
        match self {
            Own::None => None,
            Own::Octets(octets) => Some(octets),
            Own::Text(text) => Some(text.as_bytes()),
        }
    }
}

impl Charset {
    /// `label` as in the header, `None` where it has no charset.
    pub(super) fn of(label: Option<&str>, octets: &[u8]) -> Result<Charset, Reason> {
        let label = label.map(|label| label.trim().to_ascii_lowercase()).unwrap_or_default();
        // RFC 2231 section 4 gives the charset of the charset and a language before it.
        let label = label.rsplit('\'').next().unwrap_or_default();
        let ascii = octets.is_ascii() && !has(octets, 0x1b);
        if let Some(named) = utf16::named(label) {
            return Charset::of_utf16(named, octets);
        }
        if has(octets, 0) || octets.starts_with(b"\xff\xfe") || octets.starts_with(b"\xfe\xff") {
            return Err(Reason::BadCharset);
        }
        if utf7::is_named(label) {
            return Charset::of_utf7(octets);
        }
        const NO_SUPERSET: [&str; 8] = ["utf-7", "utf7", "unicode", "utf-16", "utf-32", "ucs", "ebcdic", "hz"];
        if NO_SUPERSET.iter().any(|word| label.contains(word)) {
            return Err(Reason::BadCharset);
        }
        let limits = Repertoire::of(label);
        let bom = octets.starts_with(b"\xef\xbb\xbf");
        let kind = match label {
            "" | "us-ascii" | "ascii" | "ansi_x3.4-1968" | "iso646-us" | "646" if ascii => Kind::Ascii,
            "" | "us-ascii" | "ascii" | "ansi_x3.4-1968" | "iso646-us" | "646" => Kind::Opaque,
            _ => match Encoding::for_label_no_replacement(label.as_bytes()) {
                Some(encoding) if bom && encoding != UTF_8 => Kind::Opaque,
                Some(encoding) if encoding.is_ascii_compatible() || encoding == ISO_2022_JP => Kind::Known(encoding),
                None if ascii => Kind::Ascii,
                None if !has(octets, 0x1b) && Encoding::for_label(label.as_bytes()).is_none() => Kind::Opaque,
                _ => return Err(Reason::BadCharset),
            },
        };
        if kind == Kind::Opaque && has(octets, 0x1b) {
            return Err(Reason::BadCharset);
        }
        Ok(Charset { kind, limits })
    }

    /// The same for HTML, which may name a charset where the header names none.
    pub(super) fn of_html(label: Option<&str>, octets: &[u8]) -> Result<Charset, Reason> {
        match Charset::of(label, octets) {
            Ok(Charset { kind: Kind::Opaque, limits }) if std::str::from_utf8(octets).is_err() => {
                let kind = meta::told(octets).map_or(Kind::Opaque, Kind::Told);
                Ok(Charset { kind, limits })
            }
            Err(reason) if label.is_none() && has(octets, 0x1b) => match meta::told(octets) {
                Some(encoding) => Ok(Charset { kind: Kind::Told(encoding), limits: Repertoire::All }),
                None => Err(reason),
            },
            charset => charset,
        }
    }

    fn of_utf16(named: utf16::Named, octets: &[u8]) -> Result<Charset, Reason> {
        let kind = match utf16::order(named, octets) {
            Some(order) => Kind::Utf16(order),
            None if !utf16::is_misnamed(octets) => return Err(Reason::BadCharset),
            None if octets.is_ascii() => Kind::Ascii,
            None => Kind::Opaque,
        };
        Ok(Charset { kind, limits: Repertoire::All })
    }

    fn of_utf7(octets: &[u8]) -> Result<Charset, Reason> {
        if has(octets, 0x1b) || utf7::decode(octets).is_none() {
            return Err(Reason::BadCharset);
        }
        let (kind, limits) =
            if has(octets, b'+') { (Kind::Utf7, Repertoire::All) } else { (Kind::Ascii, Repertoire::Direct) };
        Ok(Charset { kind, limits })
    }

    /// Would HTML in it be one text to some readers and another to others? In UTF-7 a tag can look like letters and
    /// digits: many readers take it for ASCII, and filters judge what only some of them see.
    pub(super) fn hides_tags(self) -> bool {
        self.kind == Kind::Utf7
    }

    /// Do octets that stand for line ends mean something else within a character?
    pub(super) fn is_wide(self) -> bool {
        matches!(self.kind, Kind::Utf16(_))
    }

    /// Does the label say what every octet means?
    pub(super) fn is_certain(self) -> bool {
        !matches!(self.kind, Kind::Opaque | Kind::Told(_))
    }

    /// Does UTF-8 in this charset mean what it means in UTF-8?
    fn is_like_utf8(self, octets: &[u8]) -> bool {
        match self.kind {
            Kind::Known(encoding) | Kind::Told(encoding) if encoding == ISO_2022_JP => {
                octets.is_ascii() && !has(octets, 0x1b)
            }
            Kind::Known(encoding) | Kind::Told(encoding) if encoding != UTF_8 => octets.is_ascii(),
            Kind::Utf16(_) | Kind::Utf7 => false,
            _ => true,
        }
    }

    /// Decodes octets that have a buffer of their own.
    pub(super) fn decode_own(self, octets: Wiped) -> (Own, Decoded) {
        let text = if self.is_like_utf8(&octets) { octets.into_text() } else { Err(octets) };
        match text {
            Ok(text) => (Own::Text(text), Decoded { text: None, lossy: false }),
            Err(octets) => {
                let decoded = self.decode(&octets);
                (Own::Octets(octets), decoded)
            }
        }
    }

    pub(super) fn decode(self, octets: &[u8]) -> Decoded {
        if self.is_like_utf8(octets) && std::str::from_utf8(octets).is_ok() {
            return Decoded { text: None, lossy: false };
        }
        if self.kind == Kind::Utf7 {
            let text = utf7::decode(octets);
            return Decoded { lossy: text.is_none(), text: Some(text.unwrap_or_default()) };
        }
        let mut decoder = self.reader().new_decoder_without_bom_handling();
        // Room for the worst case, so that no half-filled buffer is given back unwiped.
        let room = decoder.max_utf8_buffer_length(octets.len()).unwrap_or(0);
        let mut text = String::with_capacity(room);
        let (.., lossy) = decoder.decode_to_string(octets, &mut text, true);
        Decoded { text: Some(WipedText::new(text)), lossy: lossy || self.kind == Kind::Opaque }
    }

    fn reader(self) -> &'static Encoding {
        match self.kind {
            Kind::Known(encoding) | Kind::Told(encoding) => encoding,
            Kind::Utf16(utf16::Order::Little) => UTF_16LE,
            Kind::Utf16(utf16::Order::Big) => UTF_16BE,
            Kind::Ascii | Kind::Opaque | Kind::Utf7 => WINDOWS_1252,
        }
    }

    /// The octets that make exactly the first `target` octets of the decoded text; `None` where no position does.
    pub(super) fn position(self, octets: &[u8], target: usize) -> Option<usize> {
        /// One octet makes at most three octets of UTF-8.
        const BLOCK: usize = 4096;
        if self.kind == Kind::Utf7 {
            return utf7::position(octets, target);
        }
        let mut decoder = self.reader().new_decoder_without_bom_handling();
        let mut out = Wiped::new(vec![0; BLOCK * 3 + 16]);
        let (mut at, mut made) = (0, 0);
        while made < target {
            let block = if target - made > BLOCK * 3 + 16 { BLOCK } else { 1 };
            let end = (at + block).min(octets.len());
            let input = octets.get(at..end).filter(|input| !input.is_empty())?;
            let (result, read, written, _) = decoder.decode_to_utf8(input, &mut out, false);
            if result == CoderResult::OutputFull || read != input.len() {
                return None;
            }
            at = end;
            made += written;
        }
        if made != target {
            return None;
        }
        if self.reader() == ISO_2022_JP {
            at = self.ascii_state(octets, at)?;
        }
        Some(at)
    }

    /// Moves past the escape that returns to ASCII; `None` inside a run of another set (RFC 1468).
    fn ascii_state(self, octets: &[u8], at: usize) -> Option<usize> {
        const TO_ASCII: [&[u8]; 2] = [b"\x1b(B", b"\x1b(J"];
        let rest = octets.get(at..)?;
        let at = if TO_ASCII.iter().any(|escape| rest.starts_with(escape)) { at + 3 } else { at };
        let before = octets.get(..at)?;
        match memchr::memrchr(0x1b, before) {
            None => Some(at),
            Some(escape) => before.get(escape..)?.starts_with(TO_ASCII[0]).then_some(at),
        }
    }

    /// An HTML fragment in octets that fit: numeric references for what does not.
    pub(super) fn encode_html(self, piece: &str, octets: Octets) -> Vec<u8> {
        let direct = match (octets, self.kind) {
            (_, Kind::Utf16(order)) => return utf16::encode(piece, order),
            (_, Kind::Utf7) => return utf7::encode(piece),
            (Octets::Any, Kind::Known(encoding)) if encoding != ISO_2022_JP => Some(encoding),
            _ => None,
        };
        if self.is_plain(piece) || direct == Some(UTF_8) {
            return piece.as_bytes().to_vec();
        }
        let mut out = Vec::with_capacity(piece.len() + piece.len() / 4);
        let mut buffer = [0_u8; 4];
        for character in piece.chars() {
            let encoded = direct.and_then(|encoding| self.fitting(encoding, character.encode_utf8(&mut buffer)));
            match encoded {
                Some(octets) => out.extend_from_slice(&octets),
                None if self.is_plain(character.encode_utf8(&mut buffer)) => {
                    out.push(u8::try_from(character).unwrap_or(b'?'));
                }
                None => out.extend_from_slice(format!("&#{};", u32::from(character)).as_bytes()),
            }
        }
        out
    }

    /// A plain text in octets of the charset, `None` where it does not fit.
    pub(super) fn encode_plain(self, piece: &str, octets: Octets) -> Option<Vec<u8>> {
        let encoded = match self.kind {
            Kind::Utf16(order) => return Some(utf16::encode(piece, order)),
            Kind::Utf7 => return Some(utf7::encode(piece)),
            _ if self.is_plain(piece) => return Some(piece.as_bytes().to_vec()),
            Kind::Known(encoding) => self.fitting(encoding, piece)?,
            Kind::Ascii | Kind::Opaque | Kind::Told(_) => return None,
        };
        (octets == Octets::Any || encoded.is_ascii()).then_some(encoded)
    }

    /// Is it ASCII that stands for itself?
    fn is_plain(self, piece: &str) -> bool {
        piece.is_ascii() && self.limits.holds(piece.as_bytes())
    }

    fn fitting(self, encoding: &'static Encoding, text: &str) -> Option<Vec<u8>> {
        let (octets, _, unmappable): (Cow<'_, [u8]>, _, _) = encoding.encode(text);
        (!unmappable && self.limits.holds(&octets)).then(|| octets.into_owned())
    }
}

/// Whether a leaf may get octets above 7F.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Octets {
    Any,
    Ascii,
}

fn has(octets: &[u8], wanted: u8) -> bool {
    memchr::memchr(wanted, octets).is_some()
}

/// Are all octets ASCII, or pairs that are allowed?
fn pairs(octets: &[u8], allowed: impl Fn(u8, u8) -> bool) -> bool {
    let mut rest = octets;
    loop {
        match rest {
            [] => return true,
            [one, tail @ ..] if one.is_ascii() => rest = tail,
            [one, two, tail @ ..] if allowed(*one, *two) => rest = tail,
            _ => return false,
        }
    }
}
