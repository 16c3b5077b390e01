//! A design and a person make HTML, plain text and RTF.
//!
//! One renderer for preview and mail alike. Nothing from a directory or a design reaches the output unescaped: the
//! three contexts (HTML text, attribute, URL) and plain text each have their own door in `escape.rs`, RTF in `rtf.rs`.
//! The HTML is pure ASCII, so that it fits a body of any charset without changing it. Designs are at most
//! [`DEPTH`](super::problems::DEPTH) levels deep, which bounds the recursion over blocks.

mod direction;
mod escape;
mod filter;
mod html;
mod merge;
mod phone;
mod plain;
mod qr;
mod raw;
mod raw_fill;
mod raw_style;
mod reference;
mod rtf;
mod rtf_text;
mod view;

use super::Signature;
use super::file::{Images, PlainText};
use super::people::Person;
use super::snapshot::Snapshot;
use crate::imprint::{BodyFacts, Image, Piece, RichText};

pub(super) use escape::{checked_url, has_allowed_scheme, weight};
pub(super) use filter::is_date_pattern;
pub(super) use qr::is_code;
pub(super) use raw_fill::references;
pub(super) use view::View;

/// A signature as a person's messages carry it, in each format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// A fragment, as in [`Piece::html`].
    pub html: String,
    pub plain: String,
    /// A document of its own.
    pub rtf: String,
    /// Images the HTML refers to by `cid:`.
    pub images: Vec<Image>,
}

/// Most octets of a piece in each of its formats, images and where they are found apart. A signature that would be
/// larger for a person is not drawn. Gmail hides what lies beyond 102 kB of a message.
pub(super) const PIECE_BYTES: usize = 256 << 10;

/// Why a signature is not drawn for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undrawn {
    NothingLeft,
    /// In a message without HTML: rich text has no pictures either.
    NoWords,
    /// It would be larger than [`PIECE_BYTES`].
    TooLarge,
}

/// Where the HTML finds its images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// Under `<base>/i/`.
    Hosted(&'a str),
    /// In the message itself, by `cid:`.
    Embedded,
}

impl Snapshot {
    /// What the signature of this id looks like for a person, whatever its conditions; hosted images are linked under
    /// `image_base_url`. `None` when there is no such signature that is switched on, or nothing of it is left.
    pub fn preview(&self, signature_id: &str, person: &Person, image_base_url: Option<&str>) -> Option<Preview> {
        let signature = self.signatures().find(|signature| signature.id() == signature_id)?;
        let view = View::of(self, person);
        let piece = piece(self, signature, &view, image_base_url).ok()?;
        let rtf = rtf::document(&signature.design, self, &view.anew());
        Some(Preview { html: piece.html, plain: piece.plain, rtf, images: piece.images })
    }
}

/// Renders one signature. The largest view has its piece whatever its size.
///
/// # Errors
/// [`Undrawn::NothingLeft`], [`Undrawn::TooLarge`].
pub(super) fn piece(
    snapshot: &Snapshot,
    signature: &Signature,
    view: &View<'_>,
    base: Option<&str>,
) -> Result<Piece, Undrawn> {
    let source = match (signature.images(), base) {
        (Images::Hosted, Some(base)) => Source::Hosted(base),
        (Images::Hosted, None) | (Images::Embedded, _) => Source::Embedded,
    };
    let design = &signature.design;
    let drawing = html::render(design, snapshot, view, source).ok_or(Undrawn::NothingLeft)?;
    let html = format!("<div class=\"{}\">{}</div>", snapshot.mark(view.person(), signature), drawing.html);
    let plain = plain::render(design, &view.anew());
    let octets = (html.len() - drawing.source_bytes).max(plain.len());
    let fits = !view.is_overfull() && octets <= PIECE_BYTES;
    let piece = Piece { place: signature.place().into(), html, plain, rich: None, images: drawing.images };
    (fits || view.is_largest()).then_some(piece).ok_or(Undrawn::TooLarge)
}

/// The same signature for a body of rich text; `None` where it has nothing for it and plain text has to do.
pub(super) fn rich(snapshot: &Snapshot, signature: &Signature, view: &View<'_>) -> Option<RichText> {
    rtf::paragraphs(&signature.design, snapshot, view).filter(|rich| !rich.paragraphs.is_empty())
}

/// Whether a signature has a piece for this person that shows in the message. It is drawn whole only where it might be
/// too large for somebody.
///
/// # Errors
/// Why it has none.
pub(super) fn shows(
    snapshot: &Snapshot,
    signature: &Signature,
    person: &Person,
    body: &BodyFacts,
) -> Result<(), Undrawn> {
    let (design, view) = (&signature.design, View::of(snapshot, person));
    if snapshot.may_be_too_large(signature) {
        piece(snapshot, signature, &view.anew(), None)?;
    } else if !html::shows(design, snapshot, &view) {
        return Err(Undrawn::NothingLeft);
    }
    let becomes_html = body.plain && signature.plain_text() == PlainText::BecomesHtml;
    let seen = body.html || becomes_html || plain::says_something(design, &view.anew());
    seen.then_some(()).ok_or(Undrawn::NoWords)
}

fn image(snapshot: &Snapshot, id: &str) -> Option<Image> {
    let picture = snapshot.image(id)?;
    Some(Image {
        id: id.to_owned(),
        content_type: picture.content_type().to_owned(),
        file_name: format!("{id}.{}", picture.extension()),
        bytes: picture.bytes().clone(),
    })
}
