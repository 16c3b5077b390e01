//! Changes to the header of a part: a charset, a transfer encoding, and nothing else. One parameter or value is
//! replaced where it stands; folding and all other parameters stay.

use super::content::{Encoding, Found, Media};
use super::leaf::Recoded;
use super::part::Part;
use super::script::Edit;
use super::{HeaderBlock, Reason};

/// Says how the octets of the part are to be read now.
pub(super) fn recode(part: &Part, recoded: Recoded, line_end: &str) -> Result<Vec<Edit>, Reason> {
    let mut edits = Vec::new();
    let mut added = String::new();
    let encoding = match recoded {
        Recoded::Nothing => return Ok(edits),
        Recoded::Encoding(encoding) => encoding,
        Recoded::Utf8(encoding) => {
            match index_of(&part.header, "Content-Type") {
                None => added.push_str(&format!("Content-Type: text/plain; charset=utf-8{line_end}")),
                Some((index, value)) => edits.extend(charset_edit(value_start(part, index)?, value)?),
            }
            encoding
        }
    };
    if encoding != part.content.encoding {
        let word = match encoding {
            Encoding::Base64 => "base64",
            Encoding::EightBit => "8bit",
            _ => "quoted-printable",
        };
        match index_of(&part.header, "Content-Transfer-Encoding") {
            None => added.push_str(&format!("Content-Transfer-Encoding: {word}{line_end}")),
            Some((index, value)) => {
                let start = value_start(part, index)?;
                edits.push(Edit::new(start..start + value.len() as u64, format!(" {word}")));
            }
        }
    }
    if part.parent.is_none() {
        added.push_str(mime_version(&part.header, line_end).as_str());
    }
    if !added.is_empty() {
        edits.push(Edit::insert(last_line(part), added));
    }
    Ok(edits)
}

/// The message becomes a multipart of this `field`, and its body the first part, with the fields that say how the octets
/// are read, as they stand or as `recoded` says. All other fields describe the message as well as its part and stay where
/// they are; Content-Disposition, which may name the part, is repeated there.
pub(super) fn moved_into_first_part(
    part: &Part,
    recoded: Recoded,
    field: &str,
    boundary: &str,
    line_end: &str,
) -> Result<Vec<Edit>, Reason> {
    let mime_version = mime_version(&part.header, line_end);
    let mut field = Some(format!("{field}{}{mime_version}", carries(part, recoded, line_end)));
    let changes = recode(part, recoded, line_end)?;
    let mut first = format!("--{boundary}{line_end}").into_bytes();
    let mut edits = Vec::new();
    for one in part.header.fields() {
        let kept = one.name.eq_ignore_ascii_case(b"Content-Disposition");
        let Some(range) = part.header.range(one.index).filter(|_| kept || is_content(one.name)) else { continue };
        let place = part.head.start + range.start as u64..part.head.start + range.end as u64;
        let raw = part.header.raw().get(range).unwrap_or_default();
        first.extend_from_slice(&changed(raw, place.start, &changes));
        if !kept {
            edits.push(Edit::new(place, field.take().unwrap_or_default()));
        }
    }
    if let Some(field) = field.take() {
        edits.push(Edit::insert(last_line(part), field));
    }
    // What is new in the header belongs to the part, but for MIME-Version.
    for added in changes.iter().filter(|edit| edit.range == (last_line(part)..last_line(part))) {
        first.extend_from_slice(added.octets.strip_suffix(mime_version.as_bytes()).unwrap_or(&added.octets));
    }
    first.extend_from_slice(line_end.as_bytes());
    edits.push(Edit::insert(part.head.end, first));
    Ok(edits)
}

/// A field that begins at `start` of the message, with the changes that lie in it.
fn changed(raw: &[u8], start: u64, changes: &[Edit]) -> Vec<u8> {
    let end = start + raw.len() as u64;
    let (mut out, mut at) = (Vec::with_capacity(raw.len() + 16), 0);
    for edit in changes.iter().filter(|edit| edit.range.start > start && edit.range.end < end) {
        let place = |of: u64| usize::try_from(of - start).unwrap_or(raw.len());
        out.extend_from_slice(raw.get(at..place(edit.range.start)).unwrap_or_default());
        out.extend_from_slice(&edit.octets);
        at = place(edit.range.end);
    }
    out.extend_from_slice(raw.get(at..).unwrap_or_default());
    out
}

/// A multipart with octets above 7F says so (RFC 2045 section 6.4).
pub(super) fn carries(part: &Part, recoded: Recoded, line_end: &str) -> String {
    let encoding = match recoded {
        Recoded::Nothing => part.content.encoding,
        Recoded::Encoding(encoding) | Recoded::Utf8(encoding) => encoding,
    };
    match encoding {
        Encoding::EightBit => format!("Content-Transfer-Encoding: 8bit{line_end}"),
        Encoding::Binary => format!("Content-Transfer-Encoding: binary{line_end}"),
        _ => String::new(),
    }
}

/// The fields that say how the octets of the body are read.
fn is_content(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"Content-Type") || name.eq_ignore_ascii_case(b"Content-Transfer-Encoding")
}

fn charset_edit(base: u64, value: &[u8]) -> Result<Option<Edit>, Reason> {
    let media = Media::parse(value);
    match media.parameter("charset") {
        Found::Value(charset) if charset.value.eq_ignore_ascii_case("utf-8") => Ok(None),
        Found::Value(charset) => {
            let range = base + charset.range.start as u64..base + charset.range.end as u64;
            Ok(Some(Edit::new(range, "utf-8")))
        }
        Found::Absent => Ok(Some(Edit::insert(base + media.essence_end as u64, "; charset=utf-8"))),
        Found::Doubt => Err(Reason::BadCharset),
    }
}

/// The field, where the message has none yet.
pub(super) fn mime_version(header: &HeaderBlock, line_end: &str) -> String {
    if header.count("MIME-Version") == 0 { format!("MIME-Version: 1.0{line_end}") } else { String::new() }
}

/// Where the empty line of the header begins.
pub(super) fn last_line(part: &Part) -> u64 {
    let empty = if part.header.raw().ends_with(b"\r\n") { 2 } else { 1 };
    part.head.end.saturating_sub(empty).max(part.head.start)
}

fn index_of<'a>(header: &'a HeaderBlock, name: &str) -> Option<(usize, &'a [u8])> {
    header
        .fields()
        .find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
        .map(|field| (field.index, field.value))
}

fn value_start(part: &Part, index: usize) -> Result<u64, Reason> {
    let range = part.header.value_range(index).ok_or(Reason::MalformedMime)?;
    Ok(part.head.start + range.start as u64)
}
