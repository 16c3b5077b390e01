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
