//! The legs of a message: one session to the next hop for each copy of it.
//!
//! Nearly always all recipients get the same, and the session that took the envelope carries it: the first leg. Where
//! they do not, each further copy gets a leg of its own. A leg has its link, its recipients (`envelope.rs`), and its
//! content on the way (`framing.rs`); what came of it is its answer.

use std::collections::VecDeque;

use bytes::Bytes;

use super::Lease;
use super::dialogue::Command;
use super::framing::Framing;
use crate::smtp::Reply;

/// The first leg: it takes the envelope, and is the first to be told that the message is whole.
pub(super) const FIRST: usize = 0;

/// What a session to the next hop takes beside what waits for it.
const SESSION_BYTES: usize = 16 * 1024;

/// All legs of a message; there is always the first.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Legs(Vec<Leg>);

/// One copy of the message on its way.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Leg {
    pub link: Link,
    pub framing: Framing,
    /// Handed out by the imprinter, not yet by us.
    ready: VecDeque<Bytes>,
    ready_bytes: usize,
    pub octets_out: u64,
    /// Octets out minus octets in.
    pub growth: i64,
    /// The ledger was told that it is about to have everything, and not yet what came of it.
    pub handed_over: bool,
    /// What the next hop said to the whole, as the sender is to see it; or what stands for it where that cannot be known.
    pub answer: Option<Reply>,
}

/// The session to the next hop.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) enum Link {
    /// Not asked for yet.
    None,
    /// Asked for. `again`: a kept session turned out dead, and this is the one that replaces it.
    Leasing {
        again: bool,
    },
    Open(Open),
    /// Given back or closed.
    Closed,
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Open {
    pub lease: Lease,
    pub again: bool,
    pub mail_taken: bool,
    /// RSET was said in the middle: the envelope begins anew.
    pub resetting: bool,
    /// Commands that wait for an answer where the next hop does not pipeline.
    pub waiting: VecDeque<Command>,
    /// Recipients asked for, in order.
    pub asked: VecDeque<usize>,
    pub outstanding: usize,
}

impl Open {
    pub fn new(lease: Lease, again: bool) -> Open {
        Open {
            lease,
            again,
            mail_taken: false,
            resetting: false,
            waiting: VecDeque::new(),
            asked: VecDeque::new(),
            outstanding: 0,
        }
    }
}

impl Leg {
    fn new(link: Link) -> Leg {
        Leg {
            link,
            framing: Framing::Closed,
            ready: VecDeque::new(),
            ready_bytes: 0,
            octets_out: 0,
            growth: 0,
            handed_over: false,
            answer: None,
        }
    }

    pub fn open(&self) -> Option<&Open> {
        match &self.link {
            Link::Open(open) => Some(open),
            _ => None,
        }
    }

    /// Everything of the envelope has the next hop's answer.
    fn is_settled(&self) -> bool {
        self.open().is_some_and(|open| open.mail_taken && open.asked.is_empty() && open.waiting.is_empty())
    }

    /// The next hop has been told that content comes, and has not answered the whole.
    pub fn is_under_way(&self) -> bool {
        self.framing != Framing::Closed && self.answer.is_none()
    }

    pub fn is_committed(&self) -> bool {
        self.framing == Framing::Committed
    }

    pub fn hand_out(&mut self, slice: Bytes) {
        if !slice.is_empty() {
            self.ready_bytes += slice.len();
            self.ready.push_back(slice);
        }
    }

    pub fn take_ready(&mut self) -> Option<Bytes> {
        let slice = self.ready.pop_front()?;
        self.ready_bytes -= slice.len();
        self.octets_out += slice.len() as u64;
        Some(slice)
    }

    /// How many slices wait.
    pub fn ready(&self) -> usize {
        self.ready.len()
    }

    pub fn ready_bytes(&self) -> usize {
        self.ready_bytes
    }
}

impl Legs {
    pub fn new() -> Legs {
        Legs(vec![Leg::new(Link::None)])
    }

    pub fn get(&self, number: usize) -> Option<&Leg> {
        self.0.get(number)
    }

    pub fn get_mut(&mut self, number: usize) -> Option<&mut Leg> {
        self.0.get_mut(number)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Leg> {
        self.0.iter()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Leg> {
        self.0.iter_mut()
    }

    pub fn numbers(&self) -> std::ops::Range<usize> {
        FIRST..self.0.len()
    }

    /// All but the first.
    pub fn further(&self) -> std::ops::Range<usize> {
        FIRST + 1..self.0.len()
    }

    pub fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Sessions for so many further legs are asked for.
    pub fn part(&mut self, further: usize) {
        self.0.extend((0..further).map(|_| Leg::new(Link::Leasing { again: false })));
    }

    pub fn link(&self, number: usize) -> &Link {
        self.get(number).map_or(&Link::None, |leg| &leg.link)
    }

    /// Puts another link in place of a leg's.
    pub fn replace_link(&mut self, number: usize, link: Link) -> Link {
        self.get_mut(number).map_or(Link::None, |leg| std::mem::replace(&mut leg.link, link))
    }

    pub fn open(&self, number: usize) -> Option<&Open> {
        self.get(number)?.open()
    }

    pub fn open_mut(&mut self, number: usize) -> Option<&mut Open> {
        match &mut self.get_mut(number)?.link {
            Link::Open(open) => Some(open),
            _ => None,
        }
    }

    /// Everything of the envelope has the next hop's answer, on each leg.
    pub fn are_settled(&self) -> bool {
        self.iter().all(Leg::is_settled)
    }

    /// Some leg has the last octet of the message.
    pub fn are_committed(&self) -> bool {
        self.iter().any(Leg::is_committed)
    }

    /// The next hop took the message on some leg.
    pub fn took_something(&self) -> bool {
        self.iter().any(|leg| leg.answer.as_ref().is_some_and(Reply::is_success))
    }

    /// The same slice for each leg.
    pub fn hand_out(&mut self, slice: &Bytes) {
        self.iter_mut().for_each(|leg| leg.hand_out(slice.clone()));
    }

    pub fn discard(&mut self) {
        for leg in self.iter_mut() {
            leg.ready.clear();
            leg.ready_bytes = 0;
        }
    }

    /// Octets that the legs take: what waits for the slowest, of which the others hold no more than their stamps, and the
    /// sessions after the first.
    pub fn waiting_bytes(&self) -> usize {
        let slices = self.iter().map(Leg::ready_bytes).max().unwrap_or_default();
        let further = self.iter().skip(FIRST + 1).filter(|leg| leg.answer.is_none());
        slices + further.map(|leg| SESSION_BYTES + usize::try_from(leg.growth).unwrap_or_default()).sum::<usize>()
    }

    pub fn waiting_slices(&self) -> usize {
        self.iter().map(Leg::ready).sum()
    }

    /// A leg holds as much as one may. One slice alone is not too much, however long: it is kept back until there is more.
    pub fn are_full(&self, window: usize) -> bool {
        self.iter().any(|leg| leg.ready.len() > 1 && leg.ready_bytes >= window)
    }

    pub fn octets_out(&self) -> u64 {
        self.iter().map(|leg| leg.octets_out).sum()
    }

    /// Legs of which the next hop was given something.
    pub fn that_went_out(&self) -> usize {
        self.iter().filter(|leg| leg.octets_out > 0).count()
    }
}
