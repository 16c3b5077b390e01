//! Codes to scan: the text they hold, and their picture.
//!
//! A card is vCard 3.0 (RFC 2426), which the cameras of all telephones read. The picture is a PNG of two colours, made
//! here; its squares are whole pixels, at least two for each pixel it is shown at, so that it stays sharp.

use std::fmt::Write;

use bytes::Bytes;
use fast_qr::{ECL, QRBuilder};
use sha2::{Digest, Sha256};

use super::View;
use super::merge;
use crate::imprint::Image;
use crate::tenant::Attribute;
use crate::tenant::design::{Code, Qr};

/// Squares that stay light on each side, as scanners need.
const QUIET: usize = 4;

/// Most squares of a side: beyond them no camera reads the code off a screen.
const MOST_SQUARES: usize = 125;

/// Ids of codes begin so, and those of images of a tenant file do not.
const PREFIX: &str = "qr+";

/// Whether the image is a code of one person's, and no image of the tenant.
pub(in crate::tenant) fn is_code(image: &Image) -> bool {
    image.id.starts_with(PREFIX)
}

/// A finished picture.
pub(super) struct Png {
    pub bytes: Bytes,
}

impl Png {
    /// A name of its content, which no image of a tenant file can have.
    pub(super) fn id(&self) -> String {
        let hash = Sha256::digest(&self.bytes);
        let mut id = PREFIX.to_owned();
        for octet in hash.iter().take(8) {
            let _ = write!(id, "{octet:02x}");
        }
        id
    }
}

/// The picture; `None` when there is nothing to say, or too much.
pub(super) fn draw(qr: &Qr, view: &View<'_>) -> Option<Png> {
    if view.is_largest() {
        return Some(largest(qr));
    }
    let text = match &qr.code {
        Code::Vcard { organisation } => card(view, organisation)?,
        Code::Link(link) => merge::link(link, view)?,
    };
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    if code.size > MOST_SQUARES {
        return None;
    }
    let across = code.size + 2 * QUIET;
    let scale = (2 * usize::from(qr.size)).div_ceil(across).max(2);
    let dark = |x: usize, y: usize| {
        let (column, row) = ((x / scale).checked_sub(QUIET), (y / scale).checked_sub(QUIET));
        let (Some(column), Some(row)) = (column, row) else { return false };
        row < code.size && column < code.size && code[row].get(column).is_some_and(|square| square.value())
    };
    let colour = qr.colour.as_deref().and_then(rgb).unwrap_or([0, 0, 0]);
    Some(Png { bytes: png(across * scale, colour, dark) })
}

/// As many octets as the picture of the largest code has at most.
fn largest(qr: &Qr) -> Png {
    let side = 2 * usize::from(qr.size) + 2 * (MOST_SQUARES + 2 * QUIET);
    Png { bytes: Bytes::from(vec![0; side * side.div_ceil(8) + 2048]) }
}

/// `#rrggbb`.
pub(super) fn rgb(colour: &str) -> Option<[u8; 3]> {
    let value = u32::from_str_radix(colour.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some([red, green, blue])
}

/// The person as a card, `None` without a name.
fn card(view: &View<'_>, organisation: &str) -> Option<String> {
    let value = |attribute| view.plain_value(attribute).map(|value| escaped(&value));
    let or_empty = |attribute| value(attribute).unwrap_or_default();
    let name = value(Attribute::DisplayName)?;
    let mut card = String::from("BEGIN:VCARD\r\nVERSION:3.0\r\n");
    let mut line = |name: &str, value: &str| {
        // Writing into a string cannot fail.
        let _ = write!(card, "{name}:{value}\r\n");
    };
    match (value(Attribute::LastName), value(Attribute::FirstName)) {
        (None, None) => line("N", &format!(";{name};;;")),
        (last, first) => line("N", &format!("{};{};;;", last.unwrap_or_default(), first.unwrap_or_default())),
    }
    line("FN", &name);
    let department = or_empty(Attribute::Department);
    match (organisation.trim(), department.as_str()) {
        ("", "") => {}
        (organisation, "") => line("ORG", &escaped(organisation)),
        (organisation, department) => line("ORG", &format!("{};{department}", escaped(organisation))),
    }
    for (name, attribute) in [
        ("TITLE", Attribute::JobTitle),
        ("TEL;TYPE=WORK,VOICE", Attribute::TelephoneNumber),
        ("TEL;TYPE=CELL", Attribute::MobileNumber),
        ("EMAIL", Attribute::EmailAddress),
    ] {
        if let Some(value) = value(attribute) {
            line(name, &value);
        }
    }
    let place =
        [Attribute::StreetAddress, Attribute::City, Attribute::State, Attribute::PostalCode, Attribute::Country]
            .map(or_empty);
    if place.iter().any(|part| !part.is_empty()) {
        line("ADR;TYPE=WORK", &format!(";;{}", place.join(";")));
    }
    card.push_str("END:VCARD\r\n");
    Some(card)
}

/// RFC 2426 section 4: backslash, comma and semicolon are escaped, a line end is `\n`.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

/// A square PNG of one bit a pixel: light is white, dark the colour (PNG specification, sections 5 and 11).
fn png(side: usize, colour: [u8; 3], dark: impl Fn(usize, usize) -> bool) -> Bytes {
    let mut rows = Vec::with_capacity(side * (side / 8 + 2));
    for y in 0..side {
        // No filter.
        rows.push(0);
        for begin in (0..side).step_by(8) {
            let bits = (0..8).filter(|bit| begin + bit < side && dark(begin + bit, y));
            rows.push(bits.fold(0u8, |octet, bit| octet | 0x80 >> bit));
        }
    }
    let length = u32::try_from(side).unwrap_or(u32::MAX).to_be_bytes();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    // One bit, palette.
    chunk(&mut out, b"IHDR", &[&length[..], &length[..], &[1, 3, 0, 0, 0]].concat());
    chunk(&mut out, b"PLTE", &[&[255; 3], &colour[..]].concat());
    chunk(&mut out, b"IDAT", &miniz_oxide::deflate::compress_to_vec_zlib(&rows, 9));
    chunk(&mut out, b"IEND", &[]);
    Bytes::from(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let crc = kind.iter().chain(data).fold(u32::MAX, |crc, octet| {
        (0..8).fold(crc ^ u32::from(*octet), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    });
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&(!crc).to_be_bytes());
}
