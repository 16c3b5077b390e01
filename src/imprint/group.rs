//! Hold, decide: which text leaves are the body, and when enough was held to know it.
//!
//! The body is the first text leaf that is no attachment, or the alternative that holds it up to the end of its HTML
//! leaf (without one, to its own end); and the head of the part after it decides. In the mixed of Apple Mail, where
//! text, image and text stand side by side, leaves are held while no separator was found. A stream of TNEF is the body
//! by itself, or says it again beside a plain text.

use super::content::{Disposition, Encoding};
use super::hold::Hold;
use super::leaf::Leaf;
use super::part::Part;
use super::text::{Format, Reading};
use super::tnef_held::{Held, Progress};
use super::tnef_leaf::TnefLeaf;
use super::walk::{Event, Walk};
use super::{Quoted, Reason, Seen, protect};

#[derive(Default)]
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Group {
    leaves: Vec<Leaf>,
    tnef: Option<TnefLeaf>,
    /// The part whose stream of TNEF is being held.
    awaited_tnef: Option<(usize, Option<Progress>)>,
    /// The outermost alternative around the first leaf.
    alternative: Option<usize>,
    /// Leaves of which the end is awaited.
    awaited: Option<usize>,
    started: bool,
    /// An HTML leaf before the body was whole was taken for something else.
    passed_html: bool,
    /// The awaited leaf follows a body that could have been the whole one.
    continued: bool,
    /// The body is whole; only the head of the part after it is awaited.
    complete: bool,
    /// The part after it is a text as well.
    followed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    More,
    Decide,
    Leave(Reason),
}

impl Group {
    pub(super) fn event(&mut self, event: Event, walk: &Walk, hold: &Hold, reading: Reading<'_>) -> Verdict {
        match self.react(event, walk, hold, reading) {
            // Both halves of an alternative or neither.
            Verdict::Decide if self.half_missed() => Verdict::Leave(Reason::MalformedMime),
            verdict => verdict,
        }
    }

    /// The octets from `at` of the message on were read: whether enough of a stream of TNEF is held.
    pub(super) fn progress(
        &mut self,
        (at, octets): (u64, &[u8]),
        walk: &Walk,
        hold: &Hold,
        reading: Reading<'_>,
    ) -> Verdict {
        let Some((index, Some(progress))) = &mut self.awaited_tnef else { return Verdict::More };
        match progress.more(at, octets, hold) {
            Held::Less => Verdict::More,
            Held::Doubt => Verdict::Leave(Reason::Tnef),
            Held::Enough(end) => {
                let index = *index;
                self.read_tnef(index, end, walk, hold, reading)
            }
        }
    }

    fn react(&mut self, event: Event, walk: &Walk, hold: &Hold, reading: Reading<'_>) -> Verdict {
        if self.tnef.is_some() {
            return self.after_tnef(event, walk);
        }
        match event {
            Event::Fault(reason) => Verdict::Leave(reason),
            Event::Head(index) => walk.parts.get(index).map_or(Verdict::More, |part| self.head(index, part, walk)),
            Event::End(index) => self.end(index, walk, hold, reading),
            Event::Close(index) => {
                self.complete |= self.alternative == Some(index) && !self.leaves.is_empty();
                // Nothing can follow the outermost multipart.
                if self.complete && index == 0 { Verdict::Decide } else { Verdict::More }
            }
            Event::Eof if self.leaves.is_empty() => Verdict::Leave(Reason::NoTextBody),
            Event::Eof => Verdict::Decide,
        }
    }

    /// The leaf of this format that gets the signature: the first with a separator, else the last. Of several leaves
    /// an empty plain text half of an alternative gets none.
    pub(super) fn leaf(&self, format: Format) -> Option<&Leaf> {
        let mut leaves = self.leaves.iter().filter(|leaf| leaf.text.format == format);
        let chosen = leaves.clone().find(|leaf| leaf.text.found.marker.is_some()).or(leaves.next_back())?;
        let has_html = self.leaves.iter().any(|leaf| leaf.text.format == Format::Html);
        (format == Format::Html || !has_html || !chosen.text.empty).then_some(chosen)
    }

    /// The plain text, where it is the only text of the body and none follows it.
    pub(super) fn only_plain_leaf(&self) -> Option<&Leaf> {
        match self.leaves.as_slice() {
            [leaf] if self.tnef.is_none() && !self.followed => {
                Some(leaf).filter(|leaf| leaf.text.format == Format::Plain)
            }
            _ => None,
        }
    }

    /// The stream of TNEF with texts that get the signature.
    pub(super) fn tnef(&self) -> Option<&TnefLeaf> {
        self.tnef.as_ref()
    }

    /// What the body says, of both halves of an alternative the HTML.
    pub(super) fn seen(&self, quoted: Quoted) -> Option<Seen> {
        match self.leaf(Format::Html).or_else(|| self.leaf(Format::Plain)) {
            Some(leaf) => Some(leaf.text.seen(quoted)),
            None => self.tnef.as_ref().and_then(|leaf| leaf.seen(quoted)),
        }
    }

    /// Octets held beside the input.
    pub(super) fn own_bytes(&self) -> usize {
        let tnef = self.tnef.as_ref().map_or(0, TnefLeaf::own_bytes);
        self.leaves.iter().map(Leaf::own_bytes).sum::<usize>() + tnef
    }

    /// The text half of an alternative was found, and an HTML leaf that may be the other half was passed over.
    fn half_missed(&self) -> bool {
        let html = self.leaves.iter().any(|leaf| leaf.text.format == Format::Html);
        self.alternative.is_some() && !html && self.passed_html
    }

    fn head(&mut self, index: usize, part: &Part, walk: &Walk) -> Verdict {
        if index > 0 {
            let header = &part.header;
            let bare = header.fields().next().is_none() && header.unbroken();
            let sound = bare || (header.well_formed() && header.unbroken());
            if !sound || part.content.media.essence.is_empty() {
                return Verdict::Leave(Reason::MalformedMime);
            }
            if part.content.doubled {
                return Verdict::Leave(Reason::DuplicateHeader);
            }
            if let Some(reason) = protect::part(header, &part.content) {
                return Verdict::Leave(reason);
            }
        }
        if part.content.is_tnef() {
            return self.tnef_head(index, part, walk);
        }
        if part.content.is_multipart() {
            // A second alternative is no continuation of the first text.
            let ends = self.complete && (part.content.is("multipart/alternative") || !self.continues(part, walk));
            return if ends { Verdict::Decide } else { Verdict::More };
        }
        if self.complete { self.head_after(index, part, walk) } else { self.candidate(index, part, walk) }
    }

    /// A stream of TNEF is the whole message, stands alone in a mixed, or says again what a plain text before it says.
    fn tnef_head(&mut self, index: usize, part: &Part, walk: &Walk) -> Verdict {
        let in_mixed = walk.upwards(index).skip(1).all(|parent| is(walk, parent, "multipart/mixed"));
        let beside_html = self.passed_html || self.leaves.iter().any(|leaf| leaf.text.format == Format::Html);
        let encoding = part.content.encoding;
        if !in_mixed || beside_html || !matches!(encoding, Encoding::Binary | Encoding::Base64) {
            return Verdict::Leave(Reason::Tnef);
        }
        let start = part.head.end;
        let progress = match encoding {
            Encoding::Binary => (index == 0).then(|| Progress::binary(start)),
            // Beside the text that it says again no other text has to be awaited.
            _ => (index == 0 || !self.leaves.is_empty()).then(|| Progress::base64(start)),
        };
        self.awaited_tnef = Some((index, progress));
        Verdict::More
    }

    fn read_tnef(&mut self, index: usize, end: u64, walk: &Walk, hold: &Hold, reading: Reading<'_>) -> Verdict {
        self.awaited_tnef = None;
        let Some(part) = walk.parts.get(index) else { return Verdict::Leave(Reason::MalformedMime) };
        let whole = part.end.is_some_and(|whole| whole <= end);
        match TnefLeaf::read(index, part, (hold.gather(part.head.end..end), whole), reading) {
            Err(reason) => Verdict::Leave(reason),
            Ok(leaf) => {
                self.tnef = Some(leaf);
                // Alone in a mixed, other texts may follow that it is to be judged with.
                if index == 0 || !self.leaves.is_empty() { self.decide() } else { Verdict::More }
            }
        }
    }

    fn after_tnef(&self, event: Event, walk: &Walk) -> Verdict {
        match event {
            Event::Fault(reason) => Verdict::Leave(reason),
            Event::Head(index) => match walk.parts.get(index) {
                Some(part) if part.content.is_body_text() || part.content.is_multipart() || part.content.is_tnef() => {
                    Verdict::Leave(Reason::Tnef)
                }
                _ => self.decide(),
            },
            Event::End(_) => Verdict::More,
            Event::Close(_) | Event::Eof => self.decide(),
        }
    }

    fn decide(&self) -> Verdict {
        let has_text = self.tnef.as_ref().is_some_and(TnefLeaf::has_text) || !self.leaves.is_empty();
        if has_text { Verdict::Decide } else { Verdict::Leave(Reason::NoTextBody) }
    }

    fn candidate(&mut self, index: usize, part: &Part, walk: &Walk) -> Verdict {
        // Of the choices in an alternative one is shown, whatever its name.
        let choice = part.parent.is_some_and(|parent| is(walk, parent, "multipart/alternative"));
        let shown = part.content.is_body_text()
            || index == 0
            || (choice && part.content.is_text() && part.content.disposition != Disposition::Attachment);
        if !shown || !is_root_of_its_related(index, walk) {
            let half = walk.upwards(index).any(|at| is(walk, at, "multipart/alternative"));
            self.passed_html |= half && part.content.is("text/html");
            return Verdict::More;
        }
        if !self.started {
            self.started = true;
            self.alternative = walk.upwards(index).filter(|at| is(walk, *at, "multipart/alternative")).last();
        } else if self.alternative.is_none_or(|alternative| walk.upwards(index).all(|at| at != alternative)) {
            return Verdict::More;
        }
        self.awaited = Some(index);
        Verdict::More
    }

    /// The part after the body.
    fn head_after(&mut self, index: usize, part: &Part, walk: &Walk) -> Verdict {
        self.followed |= part.content.is_body_text();
        let Some(last) = self.leaves.last() else { return Verdict::Decide };
        let html = part.content.is("text/html");
        let within = self.alternative.is_some_and(|alternative| part.parent == Some(alternative));
        if within && html && part.content.is_body_text() {
            // Two HTML versions: readers differ about which one they show.
            return Verdict::Leave(Reason::MalformedMime);
        }
        if last.text.found.marker.is_some() || !self.continues(part, walk) {
            return Verdict::Decide;
        }
        if part.content.is_body_text() {
            if html != (last.text.format == Format::Html) {
                return Verdict::Decide;
            }
            self.complete = false;
            self.continued = true;
            self.awaited = Some(index);
            return Verdict::More;
        }
        if part.content.disposition == Disposition::Inline { Verdict::More } else { Verdict::Decide }
    }

    /// Does the part stand beside the last text leaf, in a multipart whose parts are read one after the other?
    fn continues(&self, part: &Part, walk: &Walk) -> bool {
        let Some(leaf) = self.leaves.last().and_then(|leaf| walk.parts.get(leaf.part)) else { return false };
        let Some(run) = leaf.parent else { return false };
        let in_turn = !["multipart/alternative", "multipart/related"].iter().any(|kind| is(walk, run, kind));
        let mut at = part.parent;
        while let Some(parent) = at {
            if parent == run {
                return in_turn;
            }
            at = walk.parts.get(parent).and_then(|part| part.parent);
        }
        false
    }

    fn end(&mut self, index: usize, walk: &Walk, hold: &Hold, reading: Reading<'_>) -> Verdict {
        if let Some((tnef, _)) = self.awaited_tnef.filter(|(tnef, _)| *tnef == index) {
            let end = walk.parts.get(tnef).and_then(|part| part.end);
            return end.map_or(Verdict::More, |end| self.read_tnef(tnef, end, walk, hold, reading));
        }
        if self.awaited != Some(index) {
            return Verdict::More;
        }
        self.awaited = None;
        let Some(part) = walk.parts.get(index) else { return Verdict::More };
        let Some(body) = part.body() else { return Verdict::Leave(Reason::MalformedMime) };
        match Leaf::read(index, part, hold.gather(body), reading) {
            // What follows the first text and cannot be read is no part of it.
            Err(Reason::BadEncoding | Reason::BadCharset | Reason::NoSafePlace) if self.continued => Verdict::Decide,
            Err(reason) => Verdict::Leave(reason),
            Ok(leaf) => {
                self.complete = self.alternative.is_none() || leaf.text.format == Format::Html;
                self.leaves.push(leaf);
                Verdict::More
            }
        }
    }
}

fn is(walk: &Walk, part: usize, essence: &str) -> bool {
    walk.parts.get(part).is_some_and(|part| part.content.is(essence))
}

/// In a related only the root is shown as the body: the part named by `start`, else the first (RFC 2387 section 3.2).
fn is_root_of_its_related(index: usize, walk: &Walk) -> bool {
    walk.upwards(index).zip(walk.upwards(index).skip(1)).all(|(child, parent)| {
        let (Some(parent), Some(child)) = (walk.parts.get(parent), walk.parts.get(child)) else { return false };
        if !parent.content.is("multipart/related") {
            return true;
        }
        let start = parent.content.media.parameter("start");
        match start {
            super::content::Found::Absent => child.number == 1,
            super::content::Found::Value(start) => {
                child.content.id.as_deref() == Some(start.value.trim().trim_matches(['<', '>']))
            }
            super::content::Found::Doubt => false,
        }
    })
}
