//! The content: held, decided upon, released.
//!
//! Until the decision nothing of the message goes out, and every slice of it is kept here as well as in the
//! imprinter, so that even a panic in there relays the original. The tenant is bound at the end of the headers. The
//! signature is chosen when the body group is whole, the next hop has answered the whole envelope and the tenant's rules
//! are there.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;

use super::dialogue::Output;
use super::leg::FIRST;
use super::message::{Ask, Now, Transit, WINDOW_BYTES};
use crate::imprint::{
    self, Additions, BodyFacts, Fate, HeaderBlock, Imprinter, Outcome, Output as Piece, Reason, Step,
};
use crate::smtp::Reply;
use crate::tenant::{Candidates, Share};

/// The content of one message on its way through.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Content {
    pub(super) imprinter: Option<Box<Imprinter>>,
    pub(super) salt: [u8; 16],
    pub(super) headers: Option<HeaderBlock>,
    pub(super) additions: Additions,
    pub(super) body: Option<BodyFacts>,
    /// What the headers left possible, and the recipients that were asked about.
    pub(super) candidates: Option<(Vec<String>, Candidates)>,
    /// The message as it came, until the first of it goes out.
    held: Vec<Bytes>,
    held_bytes: usize,
    released: bool,
    pub(super) octets_in: u64,
    pub(super) declared: Declared,
    pub(super) ended: bool,
    /// Everything of ours was checked; only the sender's presence is still looked at.
    pub(super) gate_asked: bool,
    pub(super) outcome: Option<Outcome>,
    pub(super) next_hop_limit: Option<u64>,
    /// What the tenant's rules said, for the decision record.
    pub(super) shares: Vec<Share>,
    pub(super) person: Option<String>,
    pub(super) reason: Option<Reason>,
    /// Calls of the imprinter that go well before one panics.
    #[cfg(test)]
    pub(super) trips_at: Option<usize>,
}

/// What BDAT has announced so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Declared {
    /// Sum of all BDATs so far; `None` as long as DATA is the way.
    pub octets: Option<u64>,
    /// Of the BDAT that runs.
    pub chunk: u64,
    pub last: bool,
}

impl Content {
    pub fn new(limits: imprint::Limits, salt: [u8; 16]) -> Content {
        Content {
            imprinter: Some(Box::new(Imprinter::new(limits, salt))),
            salt,
            headers: None,
            additions: Additions::default(),
            body: None,
            candidates: None,
            held: Vec::new(),
            held_bytes: 0,
            released: false,
            octets_in: 0,
            declared: Declared::default(),
            ended: false,
            gate_asked: false,
            outcome: None,
            next_hop_limit: None,
            shares: Vec::new(),
            person: None,
            reason: None,
            #[cfg(test)]
            trips_at: None,
        }
    }

    /// All that tells one content of a message from another.
    #[cfg(test)]
    pub fn state(&self) -> impl std::fmt::Debug {
        let Content {
            imprinter,
            salt: _,
            headers,
            additions,
            body,
            candidates,
            held,
            held_bytes,
            released,
            octets_in,
            declared,
            ended,
            gate_asked,
            outcome,
            next_hop_limit,
            shares,
            person,
            reason,
            trips_at,
        } = self;
        let imprinter = imprinter.as_ref().map(|imprinter| imprinter.state());
        let known = (headers.is_some(), additions, body, candidates.as_ref().map(|(recipients, _)| recipients));
        let held = (held, held_bytes, released, octets_in, declared, ended);
        let limits = (gate_asked, outcome, next_hop_limit);
        (imprinter, known, held, limits, (shares, person, reason, trips_at))
    }

    pub fn has_begun(&self) -> bool {
        self.octets_in > 0 || self.declared.octets.is_some() || self.ended
    }

    pub fn is_released(&self) -> bool {
        self.released
    }

    /// The headers are whole, and nothing was decided by them.
    pub fn awaits_decision(&self) -> bool {
        self.headers.is_some() && self.reason.is_none() && self.body.is_none() && !self.released
    }

    /// The imprinter still has something to hand out.
    pub fn is_imprinting(&self) -> bool {
        self.imprinter.is_some()
    }

    pub fn chunk_octets(&self) -> u64 {
        self.declared.chunk
    }

    pub fn headers(&self) -> Option<&HeaderBlock> {
        self.headers.as_ref()
    }

    pub fn body_facts(&self) -> Option<&BodyFacts> {
        self.body.as_ref()
    }

    /// Octets in memory, and what a slice costs beside them: content of short lines with dots comes in slices of a few
    /// octets.
    fn held_bytes(&self) -> usize {
        self.held_bytes + self.held.len() * SLICE_BYTES
    }

    /// What came of the body with the headers, `octets` long.
    pub fn held_behind(&self, octets: usize) -> impl Iterator<Item = &[u8]> {
        let mut headers = octets;
        self.held.iter().map(move |slice| {
            let of_headers = headers.min(slice.len());
            headers -= of_headers;
            slice.get(of_headers..).unwrap_or_default()
        })
    }

    /// The message has its answer: nothing of it is kept.
    fn discard(&mut self) {
        self.imprinter = None;
        self.held = Vec::new();
        self.held_bytes = 0;
        self.released = true;
    }

    /// The original, with our fields on top, in slices: what goes out when the imprinter fails. And what it grew by.
    fn take_original(&mut self, reason: Reason) -> (Vec<Bytes>, i64) {
        let (prepend, removed) = match &self.headers {
            Some(headers) => (
                self.additions.prepend.clone(),
                self.additions.remove.iter().filter_map(|&field| headers.range(field)).collect(),
            ),
            None => (Bytes::new(), Vec::new()),
        };
        let growth =
            prepend.len() as i64 - removed.iter().map(|range: &std::ops::Range<usize>| range.len() as i64).sum::<i64>();
        let mut slices = vec![prepend];
        let mut at = 0;
        for slice in std::mem::take(&mut self.held) {
            slices.extend(without(&removed, at, slice.len()).into_iter().map(|kept| slice.slice(kept)));
            at += slice.len();
        }
        self.discard();
        self.reason = Some(reason);
        (slices, growth)
    }
}

impl Transit {
    pub(super) fn chunk(&mut self, octets: u64, last: bool) {
        let declared = &mut self.content.declared;
        declared.octets = Some(declared.octets.unwrap_or(0).saturating_add(octets));
        declared.chunk = octets;
        declared.last = last;
        self.mirror_chunk();
    }

    pub(super) fn body(&mut self, bytes: Bytes, now: Now) {
        self.content.octets_in += bytes.len() as u64;
        self.stages.first_octet.get_or_insert(now.instant);
        if self.verdict.is_some() {
            return;
        }
        self.prove_body(&bytes);
        if self.is_repeated() {
            return;
        }
        if !self.content.released {
            self.content.held_bytes += bytes.len();
            self.content.held.push(bytes.clone());
        }
        match &mut self.content.imprinter {
            Some(imprinter) => imprinter.feed(bytes),
            None => self.legs.hand_out(&bytes),
        }
    }

    pub(super) fn end_of_message(&mut self, now: Now) {
        self.asks.push_back(Ask::End);
        self.content.ended = true;
        self.stages.last_octet = Some(now.instant);
        if let Some(imprinter) = &mut self.content.imprinter {
            imprinter.end();
        }
        self.prove_for_the_answer();
    }

    /// Runs the imprinter as far as it goes, then the framing.
    pub(super) fn drive(&mut self, now: Now) {
        while self.verdict.is_none() && self.content.has_begun() && !self.is_held_by_ledger() {
            let refused = self.envelope.is_refused() || self.envelope_is_settled() && self.envelope.accepted() == 0;
            if refused {
                return self.fail(Reply::no_recipients());
            }
            if self.asks_ledger() {
                break;
            }
            let Some(step) = self.imprint(Imprinter::poll) else { break };
            match step {
                Step::NeedInput => break,
                Step::Headers(headers) if self.content.headers.is_none() => self.headers_are_whole(headers, now),
                // Asked again because the answer waits for the next hop.
                Step::Headers(_) => break,
                Step::Body(_) if !self.envelope_is_settled() || self.awaits_snapshot() => break,
                Step::Body(facts) => self.decide(facts, now),
                Step::Output(piece) => self.release(piece, now),
                Step::Done(outcome) => {
                    let fate = outcome.fate;
                    self.content.outcome = Some(outcome);
                    self.content.imprinter = None;
                    // Not terminated yet: a tenant that wants its mail to wait still can have that.
                    if let Fate::Left(reason) = fate {
                        self.defer_where_wanted(reason);
                    }
                }
            }
        }
        if self.verdict.is_none() && self.content.has_begun() && !self.is_held_by_ledger() {
            self.carry_on();
        }
    }

    /// Asks the imprinter for something. A panic in there is contained: before the release the original goes on, after
    /// it nothing is committed. `None` when there is no imprinter, or none any more.
    pub(super) fn imprint<T>(&mut self, work: impl FnOnce(&mut Imprinter) -> T) -> Option<T> {
        let imprinter = self.content.imprinter.as_mut()?;
        #[cfg(test)]
        let trips = self.content.trips_at.as_mut().is_some_and(|left| left.checked_sub(1).map(|n| *left = n).is_none());
        let done = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(test)]
            assert!(!trips, "a fault in the imprinter, as a test wants it");
            failpoint!("imprint");
            work(imprinter)
        }));
        if done.is_err() {
            self.imprinter_failed(Reason::Fault);
        }
        done.ok()
    }

    /// Without memory a message goes on as it came, or with what was decided for it; one whose headers are not whole, and
    /// that is nobody's yet, cannot.
    pub(super) fn out_of_memory(&mut self) {
        if self.content.headers.is_none() && !self.content.released {
            return self.fail(Reply::no_memory());
        }
        self.come_to_an_end(Reason::NoMemory);
    }

    /// There is no time, or no memory, for more than was decided: a message that is to be signed, and was held on for its
    /// images alone, goes out signed; any other is left.
    pub(super) fn come_to_an_end(&mut self, reason: Reason) {
        let decided = !self.content.released && self.content.imprinter.is_some();
        // A fault in there has left it already.
        if !decided || self.imprint(Imprinter::release_now) == Some(false) {
            self.leave_early(reason);
        }
    }

    /// Leaves the message before anything of it has gone out; later than that there is nothing to leave.
    pub(super) fn leave_early(&mut self, reason: Reason) {
        if !self.content.released && self.content.headers.is_some() {
            self.imprinter_failed(reason);
        }
    }

    fn release(&mut self, piece: Piece, now: Now) {
        if !self.content.released {
            failpoint!("release", return self.fail(Reply::try_later()));
            self.content.released = true;
            self.content.held = Vec::new();
            self.content.held_bytes = 0;
            self.stages.release = Some(now.instant);
            for (number, leg) in self.legs.iter_mut().enumerate() {
                let growth = self.content.imprinter.as_ref().and_then(|imprinter| imprinter.growth(number));
                leg.growth = growth.unwrap_or_default();
            }
        }
        match piece {
            Piece::All(slice) => self.legs.hand_out(&slice),
            Piece::Leg(number, slice) => {
                if let Some(leg) = self.legs.get_mut(number) {
                    leg.hand_out(slice);
                }
            }
        }
    }

    fn imprinter_failed(&mut self, reason: Reason) {
        if self.content.released || self.content.headers.is_none() {
            return self.fail(Reply::try_later());
        }
        let (slices, growth) = self.content.take_original(reason);
        for leg in self.legs.iter_mut() {
            leg.growth = growth;
        }
        slices.iter().for_each(|slice| self.legs.hand_out(slice));
        self.defer_where_wanted(reason);
    }

    /// The outcome as the imprinter or the fault said it.
    pub(super) fn fate(&self) -> Option<Fate> {
        match (&self.content.outcome, self.content.reason) {
            (Some(outcome), _) => Some(outcome.fate),
            (None, reason) => reason.map(Fate::Left),
        }
    }

    pub(super) fn gate(&mut self) {
        if self.legs.open(FIRST).is_some() {
            self.push(Output::Gate);
        }
    }

    /// The message has its answer: nothing of it is kept.
    pub(super) fn discard(&mut self) {
        self.content.discard();
        self.legs.discard();
    }

    /// Octets of it in memory.
    pub(super) fn octets_held(&self) -> usize {
        self.content.held_bytes() + self.legs.waiting_bytes() + self.legs.waiting_slices() * SLICE_BYTES
    }

    /// Room for more: the headers in any case, the rest when the next hop has answered the envelope, up to the window.
    pub(super) fn has_room(&self) -> bool {
        let window_is_full = self.content.released && self.legs.are_full(WINDOW_BYTES);
        let decidable = self.envelope_is_settled() && !self.awaits_snapshot();
        !window_is_full && (decidable || self.content.headers.is_none())
    }
}

/// What one slice takes beside its octets: its place in both holds, with room for them to double.
const SLICE_BYTES: usize = 128;

/// The parts of a slice of `length` octets at `at` that lie outside the removed ranges, relative to its start.
fn without(removed: &[std::ops::Range<usize>], at: usize, length: usize) -> Vec<std::ops::Range<usize>> {
    let mut kept = Vec::new();
    let mut from = 0;
    for range in removed {
        let start = range.start.saturating_sub(at).min(length);
        let end = range.end.saturating_sub(at).min(length);
        if start > from {
            kept.push(from..start);
        }
        from = from.max(end);
    }
    if from < length {
        kept.push(from..length);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn removed_ranges_are_left_out_across_slices() {
        let whole = b"aaXXbbbYYcc";
        for cut in 0..=whole.len() {
            let mut out = Vec::new();
            for (at, slice) in [(0, &whole[..cut]), (cut, &whole[cut..])] {
                for kept in without(&[2..4, 7..9], at, slice.len()) {
                    out.extend_from_slice(&slice[kept]);
                }
            }
            assert_eq!(out, b"aabbbcc", "cut at {cut}");
        }
    }
}
