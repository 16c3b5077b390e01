//! Finished stamps and their wordings, kept by person, signatures and image address; and the size of the largest stamp a
//! tenant can have.

use std::collections::HashSet;
use std::sync::Arc;

use super::candidates::{STACK, Signed};
use super::kept::{Costs, Kept};
use super::people::Person;
use super::render::{self, PIECE_BYTES, View};
use super::snapshot::Snapshot;
use super::{FactName, Layer, PersonEntry, PlainText, Signature};
use crate::imprint::{ALTERNATIVE_BYTES, Piece, Stamp, Wording};

/// What is kept costs so much beside its text.
const ENTRY_BYTES: usize = 512;

/// Stamps by those who sign and by the address of the images, wordings by those who sign.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    stamps: Kept<(Signed, Option<String>), Stamp>,
    wordings: Kept<Signed, Wording>,
}

impl Snapshot {
    /// The rendered signatures for one person. Images are linked under `image_base_url`, or the tenant's own
    /// address if its file has one; without either, or where the signature says so, they are embedded.
    pub fn stamp(&self, signed: &Signed, image_base_url: Option<&str>) -> Arc<Stamp> {
        let base = self.image_base().or(image_base_url);
        self.stamps().stamps.get((signed.clone(), base.map(str::to_owned)), |(signed, _)| {
            stamp_of(signed, self.pieces(signed, base).map(|(_, piece)| piece).collect())
        })
    }

    /// How the signature reads for the person, whatever its images are; nothing where it is not drawn.
    pub(super) fn wording(&self, person: &Arc<Person>, signature: &Arc<Signature>) -> Arc<Wording> {
        let signed = Signed { person: Arc::clone(person), signatures: vec![Arc::clone(signature)] };
        self.stamps().wordings.get(signed, |signed| {
            self.pieces(signed, None).next().map(|(_, piece)| Wording::of(&piece)).unwrap_or_default()
        })
    }

    /// The same for a message with a body of rich text. There are few, and it is not kept.
    pub fn rich_stamp(&self, signed: &Signed, image_base_url: Option<&str>) -> Stamp {
        let base = self.image_base().or(image_base_url);
        let rich = |(signature, piece): (&Signature, Piece)| {
            let rich = render::rich(self, signature, &View::of(self, &signed.person));
            Piece { rich, ..piece }
        };
        stamp_of(signed, self.pieces(signed, base).map(rich).collect())
    }

    fn pieces<'s>(&self, signed: &'s Signed, base: Option<&str>) -> impl Iterator<Item = (&'s Signature, Piece)> {
        let drawn = move |signature: &'s Arc<Signature>| {
            let piece = render::piece(self, signature, &View::of(self, &signed.person), base).ok()?;
            Some((&**signature, piece))
        };
        signed.signatures.iter().filter_map(drawn)
    }
}

fn stamp_of(signed: &Signed, pieces: Vec<Piece>) -> Stamp {
    let plain_becomes_html = signed.signatures.iter().any(|signature| signature.plain_text() == PlainText::BecomesHtml);
    Stamp { pieces, keywords: signed.keywords(), plain_becomes_html }
}

impl Stamps {
    /// Twice the octets of memory that are kept now: it may become as much more.
    pub(super) fn kept_bytes(&self) -> usize {
        (self.stamps.bytes() + self.wordings.bytes()) * 2
    }

    /// Octets of stamps kept, at most.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.stamps.bytes()
    }
}

/// Images are shared with the snapshot and not counted; codes are drawn for the stamp.
impl Costs for Stamp {
    const GENERATION_BYTES: usize = 2 << 20;

    fn cost(&self) -> usize {
        let codes = |piece: &Piece| -> usize {
            piece.images.iter().filter(|image| render::is_code(image)).map(|image| image.bytes.len()).sum()
        };
        ENTRY_BYTES + self.pieces.iter().map(|piece| piece.html.len() + piece.plain.len() + codes(piece)).sum::<usize>()
    }
}

impl Costs for Wording {
    const GENERATION_BYTES: usize = 1 << 20;

    fn cost(&self) -> usize {
        ENTRY_BYTES + self.bytes()
    }
}

/// How large the signatures of a tenant can be.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// The octets the largest stamp can add to a message, encoded.
    pub largest_stamp_bytes: u64,
    /// The places of signatures that may be too large to be drawn for somebody: as a rule there are none, and no more
    /// than [`LARGE`] are known.
    pub large: HashSet<usize>,
}

impl Extent {
    /// In each layer the largest of all chains of signatures, for a person whose every attribute is as long as the
    /// longest of all and for whom every condition of a design holds, and does not.
    pub(super) fn of(snapshot: &Snapshot) -> Extent {
        let person = longest(snapshot);
        let mut large = HashSet::new();
        let chains = Layer::ALL.iter().map(|layer| largest_chain(snapshot, *layer, &person, &mut large));
        let becomes_html = snapshot.signatures().any(|one| one.plain_text() == PlainText::BecomesHtml);
        let beside = if becomes_html { ALTERNATIVE_BYTES as u64 } else { 0 };
        Extent { largest_stamp_bytes: chains.sum::<u64>() + beside, large }
    }
}

fn largest_chain(snapshot: &Snapshot, layer: Layer, person: &Person, large: &mut HashSet<usize>) -> u64 {
    // From the last to the first: the best chain that begins at or after each place, by length.
    let mut best = [0u64; STACK + 1];
    for signature in snapshot.signatures().rev().filter(|signature| signature.layer() == layer) {
        let view = View::largest(person);
        let piece = render::piece(snapshot, signature, &view, None).ok();
        // By far, for what nobody in particular has is not quite what somebody has.
        let small = |piece: &Piece| view.is_roomy() && piece.html.len() + piece.plain.len() <= PIECE_BYTES / 4;
        if !piece.as_ref().is_none_or(small) && large.len() < LARGE {
            large.insert(signature.place_in_order());
        }
        let own = piece.map_or(0, |piece| encoded(&piece, &view));
        let chains = best;
        for (length, slot) in best.iter_mut().enumerate().skip(1) {
            let rest = if signature.then_continue() { chains.get(length - 1).copied().unwrap_or(0) } else { 0 };
            *slot = (*slot).max(own + rest);
        }
    }
    best.iter().copied().max().unwrap_or(0)
}

/// A person who is longer, once escaped, than anybody of the tenant.
fn longest(snapshot: &Snapshot) -> Person {
    let mut photo: Option<(&str, usize)> = None;
    for person in snapshot.people().iter() {
        let bytes = |id| snapshot.image(id).map_or(0, |picture| picture.bytes().len());
        photo = photo.max_by_size(person.photo().map(|id| (id, bytes(id))));
    }
    let mut entry = PersonEntry { photo: photo.map(|(id, _)| id.to_owned()), ..PersonEntry::default() };
    for (name, weight) in snapshot.people().heaviest(render::weight) {
        // A value that may stand alone as a link, and of which `tel:` keeps the digits.
        let value = format!("https://0.0/{}", "0".repeat(*weight));
        match name {
            FactName::Attribute(attribute) => entry.attributes.insert(*attribute, value),
            FactName::Custom(name) => entry.custom.insert(name.clone().into(), value),
        };
    }
    Person::new(entry, u32::MAX, None)
}

trait BySize: Sized {
    fn max_by_size(self, other: Self) -> Self;
}

impl BySize for Option<(&str, usize)> {
    fn max_by_size(self, other: Self) -> Self {
        let size = |of: &Self| of.map(|(_, size)| size);
        if size(&other) > size(&self) { other } else { self }
    }
}

/// An upper bound for a piece in a message, whichever transfer encoding it meets. The HTML is counted twice: plain
/// text may say links again that the longest person's text does not. No piece is larger than it may be, and one for which
/// the values did not fit may be so large.
fn encoded(piece: &Piece, view: &View<'_>) -> u64 {
    let (html, plain) = match view.is_overfull() {
        true => (3 * PIECE_BYTES, PIECE_BYTES),
        false => (
            piece.html.len() + 2 * memchr::memchr_iter(b'=', piece.html.as_bytes()).count(),
            piece.plain.len().min(PIECE_BYTES),
        ),
    };
    let (html, plain) = (wide(html.min(3 * PIECE_BYTES)), wide(3 * plain));
    let images: usize = piece.images.iter().map(|image| wide(image.bytes.len()) + PART_BYTES).sum();
    u64::try_from(2 * html + plain + images + PART_BYTES).unwrap_or(u64::MAX)
}

/// Base64 with its line ends; more than quoted-printable adds to ASCII.
fn wide(octets: usize) -> usize {
    octets / 3 * 4 + octets / 57 * 2 + 8
}

/// To ask whether one of them is too large is to draw it. A tenant with more finds the rest chosen and not drawn.
const LARGE: usize = 16;

/// Headers and boundaries of one more part, or a line of a body.
const PART_BYTES: usize = 512;
