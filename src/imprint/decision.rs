//! The decision: facts for the choice of the signature, and all edits of a stamp, made at one moment.
//!
//! Both halves of an alternative are changed or neither.

use super::alternative::Alternative;
use super::group::Group;
use super::header_edit;
use super::images::{Around, Embedded};
use super::kind;
use super::leaf::Leaf;
use super::place::Found;
use super::reuse::Carried;
use super::script::Edit;
use super::splice::Placed;
use super::stamp::{Piece, Place};
use super::text::{self, Format};
use super::tnef_leaf::TnefLeaf;
use super::walk::Walk;
use super::{BodyFacts, EditedPart, HeaderBlock, Reason, Stamp};

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Decision {
    pub(super) edits: Vec<Edit>,
    pub(super) parts: Vec<EditedPart>,
}

/// What the headers and the held text show.
pub(super) fn facts(header: &HeaderBlock, group: &Group) -> BodyFacts {
    let leaves = [group.leaf(Format::Html), group.leaf(Format::Plain)];
    let leaves = leaves.iter().flatten().map(|leaf| (leaf.text.format, &leaf.text.found));
    let bodies: Vec<(Format, &Found)> = leaves.chain(group.tnef().into_iter().flat_map(TnefLeaf::bodies)).collect();
    let mut words: Vec<String> = Vec::new();
    for word in bodies.iter().flat_map(|(_, found)| &found.words) {
        if !words.contains(word) {
            words.push(word.clone());
        }
    }
    let has = |format| bodies.iter().any(|(one, _)| *one == format);
    BodyFacts {
        kind: kind::of(bodies.iter().map(|(_, found)| *found), header),
        html: has(Format::Html),
        plain: has(Format::Plain),
        rich: has(Format::Rich),
        signature_words: words,
        seen: None,
    }
}

/// All edits that put the stamp into the body. `carried`: images that are there already.
pub(super) fn decide(
    walk: &Walk,
    group: &Group,
    stamp: &Stamp,
    carried: &Carried,
    salt: [u8; 16],
    line_end: &'static str,
) -> Result<Decision, Reason> {
    let mut decision = Decision { edits: Vec::new(), parts: Vec::new() };
    let images = Embedded::new(&stamp.pieces, carried, salt);
    let alternative = Alternative::of(walk, group, stamp, &images, line_end);
    let mut after = Vec::new();
    for leaf in [group.leaf(Format::Plain), group.leaf(Format::Html)].into_iter().flatten() {
        let pieces: Vec<&Piece> =
            stamp.pieces.iter().filter(|piece| leaf.text.format.has_something_in(piece)).collect();
        if pieces.is_empty() && alternative.is_none() {
            continue;
        }
        let placed: Vec<Placed> = placed(leaf, &pieces, &images)?;
        let edited = leaf.edit(&placed, &walk.boundaries(leaf.part))?;
        let part = walk.parts.get(leaf.part).ok_or(Reason::MalformedMime)?;
        let around = match &alternative {
            Some(alternative) => alternative.edits(part, edited.recoded, line_end)?,
            None if leaf.text.format == Format::Html => images.edits(leaf.part, walk, edited.recoded, line_end)?,
            None => Around { before: header_edit::recode(part, edited.recoded, line_end)?, after: Vec::new() },
        };
        decision.edits.extend(around.before);
        decision.edits.extend(edited.replacements.into_iter().map(|(range, octets)| Edit { range, octets }));
        after.extend(around.after);
        let reply = pieces.iter().any(|piece| piece.place == Place::Reply);
        let mut places: Vec<usize> = placed.iter().map(|one| one.at).collect();
        places.dedup();
        let shown = places.iter().position(|at| reply && *at == leaf.text.found.offset).unwrap_or(0);
        decision.parts.push(EditedPart {
            path: walk.number(leaf.part),
            content_type: part.content.media.essence.clone(),
            offset: edited.offsets.get(shown).copied().unwrap_or(leaf.body.start),
            marker: leaf.text.found.marker.filter(|_| reply),
        });
    }
    if let Some(tnef) = group.tnef() {
        let edited = tnef.edit(&stamp.pieces, &images)?;
        let part = walk.parts.get(tnef.part).ok_or(Reason::MalformedMime)?;
        decision.edits.extend(edited.iter().map(|one| Edit { range: one.range.clone(), octets: one.octets.clone() }));
        decision.parts.extend(edited.map(|one| EditedPart {
            path: walk.number(tnef.part),
            content_type: part.content.media.essence.clone(),
            offset: one.range.start,
            marker: one.marker,
        }));
    }
    if decision.parts.is_empty() {
        return Err(Reason::NoSignature);
    }
    decision.edits.extend(after);
    Ok(decision)
}

/// The pieces at their places, in the order of the text.
fn placed(leaf: &Leaf, pieces: &[&Piece], images: &Embedded<'_>) -> Result<Vec<Placed>, Reason> {
    let order = text::in_order(pieces, leaf.text.found.offset, || leaf.text.ends())?;
    let placed = order.into_iter().map(|(at, piece)| {
        let text = match leaf.text.format {
            Format::Html => images.rewrite(&piece.html).into_owned(),
            _ => piece.plain.clone(),
        };
        Placed { at, text }
    });
    Ok(placed.collect())
}
