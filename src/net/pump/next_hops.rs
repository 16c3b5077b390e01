//! The pump's side towards the next hop: sessions on their way, one for each leg of the message in hand, and the octets of
//! those that are there.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Instant;

use bytes::Bytes;

use super::Pump;
use crate::net::edge::Relays;
use crate::net::outbound::Outbound;
use crate::net::share::Bound;
use crate::tenant::Tenant;
use crate::transit::{Now, Refusal, Wanted};

impl<R: Relays> Pump<R> {
    /// From here on the message's memory is of this tenant's share.
    pub(super) fn lease(&mut self, tenant: Arc<Tenant>, wanted: Wanted, now: Now) {
        self.place.is_of(Some(tenant.id()));
        let owner = Some(tenant.id().clone());
        let within = self.share.as_mut().is_none_or(|share| share.memory.pass_to(owner, Bound::Half).is_ok());
        if within {
            self.leasing = Some(self.relays.lease(tenant, wanted));
        } else {
            self.session.lease_refused(Refusal::Memory, now);
        }
    }

    pub(super) fn leased(&mut self, leased: Result<(Outbound, Option<Instant>), Refusal>, now: Now) {
        failpoint!("leased", return self.session.lease_refused(Refusal::Busy, now));
        match leased {
            Ok((outbound, attribution_refused_since)) => {
                let reused = outbound.reused;
                let (outbound, client) = outbound.split();
                match self.outbounds.first_mut() {
                    Some(first) => *first = Some(outbound),
                    None => self.outbounds.push(Some(outbound)),
                }
                self.session.leased(client, reused, attribution_refused_since, now);
            }
            Err(refusal) => self.lease_refused(refusal, now),
        }
    }

    pub(super) fn further_leased(&mut self, leased: Result<(Vec<Outbound>, Option<Instant>), Refusal>, now: Now) {
        match leased {
            Ok((further, attribution_refused_since)) => {
                let (further, clients): (Vec<_>, Vec<_>) = further.into_iter().map(Outbound::split).unzip();
                self.outbounds.truncate(1);
                self.outbounds.extend(further.into_iter().map(Some));
                self.session.further_leased(clients, attribution_refused_since, now);
            }
            Err(refusal) => self.lease_refused(refusal, now),
        }
    }

    /// Without one session the message goes nowhere, and needs no other.
    pub(super) fn lease_refused(&mut self, refusal: Refusal, now: Now) {
        (self.leasing, self.leasing_further) = (None, None);
        self.session.lease_refused(refusal, now);
    }

    pub(super) fn take_outbound(&mut self, leg: usize) -> Option<Outbound<()>> {
        self.outbounds.get_mut(leg)?.take()
    }

    /// Sessions for the legs after the first are wished for together.
    pub(super) fn stop_leasing(&mut self, leg: usize) {
        if leg == 0 {
            self.leasing = None;
        } else {
            self.leasing_further = None;
        }
    }

    /// What was wished for and is there now. True when something is.
    pub(super) fn poll_leasing(&mut self, cx: &mut TaskContext<'_>, now: Now) -> bool {
        let mut moved = false;
        if let Some(leasing) = &mut self.leasing
            && let Poll::Ready(leased) = leasing.as_mut().poll(cx)
        {
            self.leasing = None;
            self.leased(leased, now);
            moved = true;
        }
        if let Some(leasing) = &mut self.leasing_further
            && let Poll::Ready(leased) = leasing.as_mut().poll(cx)
        {
            self.leasing_further = None;
            self.further_leased(leased, now);
            moved = true;
        }
        moved
    }

    /// Moves octets both ways on every leg. True when some went.
    pub(super) fn poll_next_hops(&mut self, cx: &mut TaskContext<'_>, now: Now) -> bool {
        let mut moved = false;
        for (leg, outbound) in self.outbounds.iter_mut().enumerate() {
            let Some(outbound) = outbound else { continue };
            let exchange = outbound.exchange(cx, now.instant);
            if !outbound.wire.input.is_empty() {
                self.session.feed_next_hop(leg, &mut outbound.wire.input, now);
            }
            if exchange.ended {
                self.session.next_hop_ended(leg, now);
            }
            moved |= exchange.moved;
        }
        moved
    }

    pub(super) fn queue(&mut self, leg: usize, bytes: Bytes, now: Now) {
        if let Some(outbound) = self.outbounds.get_mut(leg).and_then(Option::as_mut) {
            outbound.queue(bytes, now.instant);
        }
    }

    /// Octets that wait for the slowest leg.
    pub(super) fn backlog(&self) -> usize {
        self.outbounds.iter().flatten().map(|outbound| outbound.wire.queued()).max().unwrap_or_default()
    }

    /// When a next hop that takes too few of our octets is given up.
    pub(super) fn stalls(&self) -> impl Iterator<Item = Instant> {
        self.outbounds.iter().flatten().filter_map(|outbound| outbound.stalls_at())
    }

    pub(super) fn give_up_who_takes_nothing(&mut self, now: Now) {
        for (leg, outbound) in self.outbounds.iter().enumerate() {
            let stalls_at = outbound.as_ref().and_then(|outbound| outbound.stalls_at());
            if stalls_at.is_some_and(|at| at <= now.instant) {
                self.session.next_hop_ended(leg, now);
            }
        }
    }
}
