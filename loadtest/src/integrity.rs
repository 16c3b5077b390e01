//! Whether a mail arrived as it was sent but for its signature: two fields on top, and in text bodies one insertion
//! each; every other octet the same, in the same place. For any mail, not only for those made here.
//!
//! Bodies are compared decoded (quoted-printable, base64), for a signature may make lines break elsewhere; parts that
//! are not text, and everything between parts, are compared as they stand. No parser of the product's is used.

use memchr::memmem;

/// What became of a mail that arrived whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// The same body, octet by octet.
    Unsigned,
    /// Signed; whether above what is quoted, where a quote is known as such.
    Signed { above: Option<bool> },
}

/// Compares both, dots not doubled. `name` stands in every signature.
///
/// # Errors
/// The first difference that is no signature.
pub fn compare(sent: &[u8], arrived: &[u8], name: &str) -> Result<Arrived, String> {
    let (sent_head, sent_body) = split(sent);
    let (arrived_head, arrived_body) = split(arrived);
    headers(sent_head, arrived_head)?;
    let about_body = |head| fields(head).into_iter().filter(|field| is_about_body(field)).collect::<Vec<_>>();
    if sent_body == arrived_body && about_body(sent_head) == about_body(arrived_head) {
        return Ok(Arrived::Unsigned);
    }
    let (before, after) = (pieces(sent_head, sent_body, 0), pieces(arrived_head, arrived_body, 0));
    if before.len() != after.len() {
        return Err(format!("it has {} pieces instead of {}", after.len(), before.len()));
    }
    let mut above = None;
    let mut signed = false;
    for (number, (before, after)) in before.iter().zip(&after).enumerate() {
        match (before, after) {
            (Piece::Frame(before), Piece::Frame(after)) if before == after => {}
            (Piece::Leaf { head: old, body: before }, Piece::Leaf { head: new, body: after }) => {
                if old == new && before == after {
                    continue;
                }
                let found = leaf(old, before, new, after, name).map_err(|why| format!("piece {number}: {why}"))?;
                signed = true;
                // One body below its quote is one too many.
                above = match (above, found) {
                    (Some(one), Some(other)) => Some(one && other),
                    (one, other) => one.or(other),
                };
            }
            _ => return Err(format!("piece {number}, between parts, was changed")),
        }
    }
    if signed { Ok(Arrived::Signed { above }) } else { Err("its header was changed".to_owned()) }
}

/// A stretch of a body.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// Delimiters and what stands around parts.
    Frame(&'a [u8]),
    Leaf {
        head: &'a [u8],
        body: &'a [u8],
    },
}

/// `Received` and the stamp on top, everything else as it was; what describes the body is compared with the body.
fn headers(sent: &[u8], arrived: &[u8]) -> Result<(), String> {
    let rest = |head| -> Vec<&[u8]> {
        let keep = |field: &&[u8]| !is_about_body(field) && !is_named(field, STAMP);
        fields(head).into_iter().filter(keep).collect()
    };
    let stamps = fields(arrived).iter().take(2).filter(|field| is_named(field, STAMP)).count();
    if stamps != 1 || fields(arrived).iter().filter(|field| is_named(field, STAMP)).count() != 1 {
        return Err("it has not exactly one stamp, on top".to_owned());
    }
    let (sent, arrived) = (rest(sent), rest(arrived));
    let Some((received, arrived)) = arrived.split_first() else { return Err("it has no header".to_owned()) };
    if !is_named(received, "Received") {
        return Err("it has no Received field on top".to_owned());
    }
    match sent.iter().zip(arrived).find(|(before, after)| before != after) {
        Some((before, _)) => Err(format!("{} was changed", String::from_utf8_lossy(before).trim())),
        None if sent.len() != arrived.len() => Err("header fields came or went".to_owned()),
        None => Ok(()),
    }
}

/// Whether the signature is above the quote, if there is a quote.
fn leaf(old: &[u8], before: &[u8], new: &[u8], after: &[u8], name: &str) -> Result<Option<bool>, String> {
    let kind = value(old, "Content-Type").unwrap_or_default();
    if !kind.is_empty() && !kind.starts_with("text/") {
        return Err(format!("a part of {kind} was changed"));
    }
    let others = |head| fields(head).into_iter().filter(|field| !is_about_body(field)).collect::<Vec<_>>();
    // The header of the mail itself was looked at before.
    let is_whole = fields(new).iter().any(|field| is_named(field, STAMP));
    if !is_whole && others(old) != others(new) {
        return Err("the header of a part was changed".to_owned());
    }
    let (before, after) = (decoded(old, before), decoded(new, after));
    let start = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (tail, grown) = (before.get(start..).unwrap_or_default(), after.get(start..).unwrap_or_default());
    let Some(inserted) = grown.strip_suffix(tail) else {
        let around = before.get(start.saturating_sub(20)..(start + 40).min(before.len())).unwrap_or_default();
        return Err(format!("text was changed at {start}: {:?}", String::from_utf8_lossy(around)));
    };
    if memmem::find_iter(inserted, name).count() != 1 {
        return Err("what was put in is not one signature".to_owned());
    }
    let quote = QUOTES.iter().filter_map(|mark| memmem::find(&before, mark.as_bytes())).min();
    Ok(quote.map(|quote| start <= quote))
}

/// Parts of a multipart, in order, with what stands between them; anything else is one leaf.
fn pieces<'a>(head: &'a [u8], body: &'a [u8], depth: usize) -> Vec<Piece<'a>> {
    let kind = field(head, "Content-Type").map(unfolded).unwrap_or_default();
    let boundary = boundary(&kind).filter(|_| depth < DEEPEST);
    let Some(boundary) = boundary else { return vec![Piece::Leaf { head, body }] };
    let mark = format!("--{boundary}");
    let mut found = Vec::new();
    // Where the part under way begins; the first is the preamble.
    let (mut from, mut in_part, mut at) = (0, false, 0);
    for line in body.split_inclusive(|octet| *octet == b'\n') {
        let (begin, end) = (at, at + line.len());
        at = end;
        let Some(rest) = line.strip_prefix(mark.as_bytes()) else { continue };
        let rest = rest.trim_ascii_end();
        if !rest.is_empty() && rest != b"--" {
            continue;
        }
        // The line break before a delimiter is the delimiter's.
        let until = begin.saturating_sub(2).max(from);
        let part = body.get(from..until).unwrap_or_default();
        if in_part {
            let (head, inner) = split(part);
            let blank = part.get(head.len()..part.len() - inner.len()).unwrap_or_default();
            found.push(Piece::Frame(blank));
            found.extend(pieces(head, inner, depth + 1));
        } else {
            found.push(Piece::Frame(part));
        }
        found.push(Piece::Frame(body.get(until..end).unwrap_or_default()));
        (from, in_part) = (end, rest.is_empty());
    }
    let rest = body.get(from..).unwrap_or_default();
    found.push(if in_part { Piece::Leaf { head: &[], body: rest } } else { Piece::Frame(rest) });
    found
}

/// Header and body; the empty line is in neither.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    if let Some(body) = message.strip_prefix(b"\r\n") {
        return (&[], body);
    }
    match memmem::find(message, b"\r\n\r\n") {
        Some(at) => (message.get(..at + 2).unwrap_or_default(), message.get(at + 4..).unwrap_or_default()),
        None => (message, &[]),
    }
}

/// The fields of a header, each with its folded lines.
fn fields(head: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    for line in head.split_inclusive(|octet| *octet == b'\n') {
        if at > from && !matches!(line.first(), Some(b' ' | b'\t')) {
            found.push(head.get(from..at).unwrap_or_default());
            from = at;
        }
        at += line.len();
    }
    if at > from {
        found.push(head.get(from..at).unwrap_or_default());
    }
    found
}

fn is_named(field: &[u8], name: &str) -> bool {
    let named = field.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name.as_bytes()));
    named && field.get(name.len()) == Some(&b':')
}

fn is_about_body(field: &[u8]) -> bool {
    ["Content-Type", "Content-Transfer-Encoding", "MIME-Version"].iter().any(|name| is_named(field, name))
}

fn field<'a>(head: &'a [u8], name: &str) -> Option<&'a [u8]> {
    fields(head).into_iter().find(|field| is_named(field, name))
}

/// What stands before the first `;`, in small letters.
fn value(head: &[u8], name: &str) -> Option<String> {
    let text = unfolded(field(head, name)?);
    let value = text.split_once(':')?.1;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn unfolded(field: &[u8]) -> String {
    String::from_utf8_lossy(field).replace("\r\n", "")
}

fn boundary(kind: &str) -> Option<String> {
    let (_, value) = kind.split_once(':')?;
    if !value.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    let at = value.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
    let rest = value.get(at..)?;
    let boundary = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([';', ' ', '\t', '\r']).next(),
    };
    boundary.map(str::to_owned).filter(|boundary| !boundary.is_empty())
}

fn decoded(head: &[u8], body: &[u8]) -> Vec<u8> {
    match value(head, "Content-Transfer-Encoding").unwrap_or_default().as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => base64(body),
        _ => body.to_vec(),
    }
}

fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        rest = match (first, hex) {
            (b'=', _) if after.starts_with(b"\r\n") => after.get(2..).unwrap_or_default(),
            (b'=', Some(octet)) => {
                out.push(octet);
                after.get(2..).unwrap_or_default()
            }
            _ => {
                out.push(*first);
                after
            }
        };
    }
    out
}

/// What is not of the alphabet, padding too, is passed over.
fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.iter().filter_map(|octet| memchr::memchr(*octet, ALPHABET)) {
        bits = bits << 6 | u32::try_from(digit).unwrap_or_default();
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
        }
    }
    out
}

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const STAMP: &str = "X-Signet-Stamp";
/// Deeper parts are taken for leaves.
const DEEPEST: usize = 20;
/// How clients begin what they quote.
const QUOTES: [&str; 8] = [
    "appendonsend",
    "divRplyFwdMsg",
    "gmail_quote",
    "moz-cite-prefix",
    "yahoo_quoted",
    "________________________________",
    "-----Original Message-----",
    "<blockquote type=\"cite\"",
];

#[cfg(test)]
#[path = "integrity_tests.rs"]
mod tests;
