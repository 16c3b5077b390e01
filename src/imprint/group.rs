//! Hold, decide: which text leaves are the body, and when enough was held to know it.
//!
//! The body is the first text leaf that is no attachment, or the alternative that holds it up to the end of its HTML
//! leaf (without one, to its own end); and the head of the part after it decides. In the mixed of Apple Mail, where
//! text, image and text stand side by side, leaves are held while no separator was found.

use super::content::Disposition;
use super::hold::Hold;
use super::leaf::{Format, Leaf};
use super::part::Part;
use super::walk::{Event, Walk};
use super::{Reason, protect};

#[derive(Default)]
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Group {
    leaves: Vec<Leaf>,
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    More,
    Decide,
    Leave(Reason),
}

impl Group {
    pub(super) fn event(&mut self, event: Event, walk: &Walk, hold: &Hold, line_end: &'static str) -> Verdict {
        match self.react(event, walk, hold, line_end) {
            // Both halves of an alternative or neither.
            Verdict::Decide if self.half_missed() => Verdict::Leave(Reason::MalformedMime),
            verdict => verdict,
        }
    }

    fn react(&mut self, event: Event, walk: &Walk, hold: &Hold, line_end: &'static str) -> Verdict {
        match event {
            Event::Fault(reason) => Verdict::Leave(reason),
            Event::Head(index) => walk.parts.get(index).map_or(Verdict::More, |part| self.head(index, part, walk)),
            Event::End(index) => self.end(index, walk, hold, line_end),
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
        let mut leaves = self.leaves.iter().filter(|leaf| leaf.format == format);
        let chosen = leaves.clone().find(|leaf| leaf.found.marker.is_some()).or(leaves.next_back())?;
        let has_html = self.leaves.iter().any(|leaf| leaf.format == Format::Html);
        (format == Format::Html || !has_html || !chosen.empty).then_some(chosen)
    }

    /// Octets held beside the input.
    pub(super) fn own_bytes(&self) -> usize {
        self.leaves.iter().map(Leaf::own_bytes).sum()
    }

    /// The text half of an alternative was found, and an HTML leaf that may be the other half was passed over.
    fn half_missed(&self) -> bool {
        let html = self.leaves.iter().any(|leaf| leaf.format == Format::Html);
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
        if part.content.is_multipart() {
            // A second alternative is no continuation of the first text.
            let ends = self.complete && (part.content.is("multipart/alternative") || !self.continues(part, walk));
            return if ends { Verdict::Decide } else { Verdict::More };
        }
        if self.complete { self.head_after(index, part, walk) } else { self.candidate(index, part, walk) }
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
        let Some(last) = self.leaves.last() else { return Verdict::Decide };
        let html = part.content.is("text/html");
        let within = self.alternative.is_some_and(|alternative| part.parent == Some(alternative));
        if within && html && part.content.is_body_text() {
            // Two HTML versions: readers differ about which one they show.
            return Verdict::Leave(Reason::MalformedMime);
        }
        if last.found.marker.is_some() || !self.continues(part, walk) {
            return Verdict::Decide;
        }
        if part.content.is_body_text() {
            if html != (last.format == Format::Html) {
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

    fn end(&mut self, index: usize, walk: &Walk, hold: &Hold, line_end: &'static str) -> Verdict {
        if self.awaited != Some(index) {
            return Verdict::More;
        }
        self.awaited = None;
        let Some(part) = walk.parts.get(index) else { return Verdict::More };
        let Some(body) = part.body() else { return Verdict::Leave(Reason::MalformedMime) };
        match Leaf::read(index, part, hold.gather(body), line_end) {
            // What follows the first text and cannot be read is no part of it.
            Err(Reason::BadEncoding | Reason::BadCharset | Reason::NoSafePlace) if self.continued => Verdict::Decide,
            Err(reason) => Verdict::Leave(reason),
            Ok(leaf) => {
                self.complete = self.alternative.is_none() || leaf.format == Format::Html;
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
