//! A plain text that becomes the first half of an alternative, with HTML beside it, so that a signature shows its fonts
//! and pictures in a message that was written without (RFC 2046 section 5.1.4).
//!
//! The plain text stays the octets it was, with the plain signature in it. The HTML says the same text. Only for a
//! message with one plain text and no other right behind it, of whose every character we are sure, and within
//! [`ALTERNATIVE_BYTES`]; for any other the plain text alone is signed.

use super::group::Group;
use super::header_edit;
use super::images::{Around, Embedded};
use super::leaf::{Leaf, Recoded};
use super::part::Part;
use super::script::Edit;
use super::stamp::{Piece, Stamp};
use super::text::{self, Format};
use super::to_html::{self, Lines};
use super::transfer;
use super::walk::Walk;
use super::wiped::{Wiped, WipedText};
use super::{Reason, compose, content::Encoding};

/// Most octets that the other half adds, the signature's own pictures apart. A message that would grow by more stays
/// plain text.
pub const ALTERNATIVE_BYTES: usize = 1 << 20;

/// The HTML that goes beside a plain text.
pub(super) struct Alternative {
    /// Encoded, with its header and its pictures.
    part: Wiped,
    boundary: String,
}

impl Alternative {
    /// What goes beside the plain text of the message; `None` where it stays alone.
    pub(super) fn of(
        walk: &Walk,
        group: &Group,
        stamp: &Stamp,
        images: &Embedded<'_>,
        line_end: &'static str,
    ) -> Option<Alternative> {
        let leaf = group.only_plain_leaf().filter(|_| stamp.plain_becomes_html)?;
        let part = walk.parts.get(leaf.part)?;
        // The root of a related is referred to by what its header says.
        let kinds = ["multipart/alternative", "multipart/related"];
        let mut around = walk.upwards(leaf.part).filter_map(|at| walk.parts.get(at));
        let taken = part.glued || around.any(|part| kinds.iter().any(|kind| part.content.is(kind)));
        let room = leaf.text.text().len() <= ALTERNATIVE_BYTES / 4;
        let pieces: Vec<&Piece> = stamp.pieces.iter().filter(|piece| Format::Html.has_something_in(piece)).collect();
        if taken || !room || pieces.is_empty() || !leaf.text.is_certain() {
            return None;
        }
        let lines = Lines { flow: leaf.text.flow(), without_blank: part.content.media.word("delsp") == "yes" };
        let html = html_of(leaf, &pieces, lines, images, line_end)?;
        let octets = Wiped::new(transfer::encode(Encoding::QuotedPrintable, html.as_bytes(), line_end)?);
        // What cannot be read back is not sent.
        let read = transfer::decode(Encoding::QuotedPrintable, &octets).ok()??;
        if octets.len() > ALTERNATIVE_BYTES || *read != *html.as_bytes() {
            return None;
        }
        let fields = ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", ""];
        let fields = fields.join(line_end);
        let (head, tail) = if images.is_empty() { (fields, String::new()) } else { images.related(&fields, line_end) };
        let mut part = Wiped::new(head.into_bytes());
        part.extend_from_slice(&octets);
        part.extend_from_slice(tail.as_bytes());
        Some(Alternative { part, boundary: images.boundary("alternative") })
    }

    /// The edits around the plain text, the changes to its header with them.
    pub(super) fn edits(&self, part: &Part, recoded: Recoded, line_end: &str) -> Result<Around, Reason> {
        let boundary = &self.boundary;
        let end = part.end.ok_or(Reason::NoSafePlace)?;
        let field = format!("Content-Type: multipart/alternative;{line_end}\tboundary=\"{boundary}\"{line_end}");
        let before = if part.parent.is_some() {
            let field = field + &header_edit::carries(part, recoded, line_end);
            let mut before = vec![Edit::insert(part.head.start, format!("{field}{line_end}--{boundary}{line_end}"))];
            before.extend(header_edit::recode(part, recoded, line_end)?);
            before
        } else {
            header_edit::moved_into_first_part(part, recoded, &field, boundary, line_end)?
        };
        let last = if part.parent.is_some() { "" } else { line_end };
        let delimiter = format!("{line_end}--{boundary}");
        let mut close = Wiped::new(format!("{delimiter}{line_end}").into_bytes());
        close.extend_from_slice(&self.part);
        close.extend_from_slice(format!("{delimiter}--{last}").as_bytes());
        Ok(Around { before, after: vec![Edit::insert(end, close.into_bytes())] })
    }
}

/// A document with the pieces where they stand in the text.
fn html_of(leaf: &Leaf, pieces: &[&Piece], lines: Lines, images: &Embedded<'_>, line_end: &str) -> Option<WipedText> {
    let order = text::in_order(pieces, leaf.text.found.offset, || leaf.text.ends()).ok()?;
    let text = leaf.text.text();
    let mut html = WipedText::with_capacity(text.len() * 2);
    for line in HEAD {
        html.push_str(line);
        html.push_str(line_end);
    }
    let mut from = text.len() - text.trim_start_matches('\u{feff}').len();
    for (at, piece) in order {
        to_html::push_block(&mut html, text.get(from..at.max(from))?, lines, line_end);
        html.push_str(&compose::html("", 0, &[&images.rewrite(&piece.html)], line_end));
        html.push_str(line_end);
        from = at.max(from);
    }
    to_html::push_block(&mut html, text.get(from..)?, lines, line_end);
    html.push_str("</body></html>");
    Some(html)
}

/// How the document begins.
const HEAD: [&str; 3] =
    ["<html><head>", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">", "</head><body>"];
