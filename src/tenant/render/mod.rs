//! A design and a person make HTML and plain text.
//!
//! One renderer for preview and mail alike. Nothing from a directory or a design reaches the output unescaped: the
//! three contexts (HTML text, attribute, URL) and plain text each have their own door in `escape.rs`. The HTML is
//! pure ASCII, so that it fits a body of any charset without changing it. Designs are at most
//! [`DEPTH`](super::problems::DEPTH) levels deep, which bounds the recursion over blocks.

mod escape;
mod html;
mod merge;
mod plain;

use super::Signature;
use super::file::Images;
use super::people::Person;
use super::snapshot::Snapshot;
use crate::imprint::{Image, Piece};

pub(super) use escape::{checked_url, has_allowed_scheme};

/// Where the HTML finds its images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// Under `<base>/i/`.
    Hosted(&'a str),
    /// In the message itself, by `cid:`.
    Embedded,
}

/// Renders one signature; `None` when nothing of it is left for this person.
pub(super) fn piece(snapshot: &Snapshot, signature: &Signature, person: &Person, base: Option<&str>) -> Option<Piece> {
    let source = match (signature.images(), base) {
        (Images::Hosted, Some(base)) => Source::Hosted(base),
        (Images::Hosted, None) | (Images::Embedded, _) => Source::Embedded,
    };
    let design = &signature.design;
    let (body, images) = html::render(design, snapshot, person, source)?;
    let html = format!("<div class=\"signet-{}\">{body}</div>", snapshot.mark(person));
    let images = images.iter().filter_map(|id| image(snapshot, id)).collect();
    Some(Piece { place: signature.place().into(), html, plain: plain::render(design, person), images })
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
