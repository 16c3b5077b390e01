//! The session's side towards the next hop: how a leased session comes, is told what the message wants, says its
//! answers, and is given back, left behind or hung up on.
//!
//! A session to a next hop is ours from the lease to one of those three. What it says after that is nobody's here.

use std::time::Instant;

use bytes::BytesMut;

use super::{Action, Session};
use crate::smtp::{Client, Event};
use crate::transit::leg::FIRST;
use crate::transit::{Command, Input, Lease, Now, Refusal};

impl Session {
    /// Takes what the next hop said on a leg.
    pub fn feed_next_hop(&mut self, leg: usize, input: &mut BytesMut, now: Now) {
        if let Some(client) = self.client(leg) {
            client.feed(input, now.instant);
        }
    }

    /// The next hop closed, its connection broke, or it takes nothing, on a leg.
    pub fn next_hop_ended(&mut self, leg: usize, now: Now) {
        if let Some(client) = self.client(leg) {
            client.closed_by_peer(now.instant);
        }
    }

    fn client(&mut self, leg: usize) -> Option<&mut Client> {
        self.next_hops.get_mut(leg)?.as_deref_mut()
    }

    fn take_client(&mut self, leg: usize) -> Option<Box<Client>> {
        self.next_hops.get_mut(leg)?.take()
    }

    /// Answers [`Action::Lease`]. `reused`: it carried a message before; see [`Lease`] for the last.
    pub fn leased(&mut self, client: Box<Client>, reused: bool, attribution_refused_since: Option<Instant>, now: Now) {
        if !std::mem::replace(&mut self.leasing, false) {
            return self.actions.push_back(Action::HangUp(FIRST));
        }
        let lease = Lease { extensions: client.extensions().clone(), reused, attribution_refused_since };
        match self.next_hops.first_mut() {
            Some(first) => *first = Some(client),
            None => self.next_hops.push(Some(client)),
        }
        self.tell(Input::Leased(lease), now);
    }

    /// Answers [`Action::LeaseFurther`]: sessions for the legs after the first, in order. None of them carried a message
    /// before.
    pub fn further_leased(&mut self, clients: Vec<Box<Client>>, attribution_refused_since: Option<Instant>, now: Now) {
        if !std::mem::replace(&mut self.leasing_further, false) {
            self.actions.extend((1..=clients.len()).map(Action::HangUp));
            return;
        }
        let lease = |client: &Client| Lease {
            extensions: client.extensions().clone(),
            reused: false,
            attribution_refused_since,
        };
        let leases = clients.iter().map(|client| lease(client)).collect();
        self.next_hops.truncate(1);
        self.next_hops.extend(clients.into_iter().map(Some));
        self.tell(Input::FurtherLeased(leases), now);
    }

    /// Answers [`Action::Lease`] or [`Action::LeaseFurther`]: none can be had, or not enough.
    pub fn lease_refused(&mut self, refusal: Refusal, now: Now) {
        let asked = std::mem::replace(&mut self.leasing, false) | std::mem::replace(&mut self.leasing_further, false);
        if asked {
            self.tell(Input::LeaseRefused(refusal), now);
        }
    }

    /// Hands a command to the session with the next hop on a leg.
    pub(super) fn say(&mut self, leg: usize, command: Command, now: Now) {
        let Some(client) = self.next_hops.get_mut(leg).and_then(Option::as_mut) else { return };
        match command {
            Command::Mail(mail) => {
                client.forward(self.server.forwarded(), now.instant);
                client.mail(&mail, now.instant);
            }
            Command::Rcpt(rcpt) => client.rcpt(&rcpt, now.instant),
            Command::Reset => client.reset(now.instant),
            Command::Data => client.data(now.instant),
            Command::Chunk { octets, last } => client.chunk(octets, last, now.instant),
            Command::Body(bytes) => {
                if client.body(bytes).is_err() {
                    self.tell(Input::BareLineEnd(leg), now);
                }
            }
            Command::EndOfData { since } => client.end_of_data(since),
        }
    }

    /// What the next hop has said next, on whatever leg.
    pub(super) fn next_hop_event(&mut self) -> Option<(usize, Event)> {
        let mut legs = self.next_hops.iter_mut().enumerate();
        legs.find_map(|(leg, client)| Some((leg, client.as_mut()?.poll_event()?)))
    }

    pub(super) fn next_hop_octets(&mut self) -> Option<Action> {
        let mut legs = self.next_hops.iter_mut().enumerate();
        legs.find_map(|(leg, client)| Some(Action::ToNextHop(leg, client.as_mut()?.poll_transmit()?)))
    }

    pub(super) fn heard(&mut self, leg: usize, event: Event, now: Now) {
        match event {
            Event::Reply(asked, reply) => self.tell(Input::NextHop(leg, asked, reply), now),
            Event::Late => self.tell(Input::VerdictLate(leg), now),
            Event::Failed(error) => {
                self.hang_up(leg);
                self.tell(Input::NextHopGone(leg, error), now);
            }
            // Both belong to dialling, which is over.
            Event::UpgradeTls | Event::Ready => {}
        }
    }

    /// Gives the session of a leg back, or the wish for one up.
    pub(super) fn let_go(&mut self, leg: usize) {
        let tenant = self.message.as_ref().and_then(|message| message.tenant.clone());
        let leasing = if leg == FIRST { self.leasing } else { self.leasing_further };
        match (self.take_client(leg), tenant) {
            (Some(client), Some(tenant)) => self.actions.push_back(Action::GiveBack(leg, tenant, client)),
            (Some(_), None) => self.hang_up(leg),
            (None, _) if leasing => self.hang_up(leg),
            (None, _) => {}
        }
    }

    pub(super) fn let_all_go(&mut self) {
        (0..self.next_hops.len().max(1)).for_each(|leg| self.let_go(leg));
        if self.leasing_further {
            self.hang_up(FURTHER);
        }
    }

    pub(super) fn leave_behind(&mut self, leg: usize) {
        let page = self.page.as_mut().and_then(|page| page.split_off(leg));
        match (self.take_client(leg), page) {
            (Some(client), Some(page)) => self.actions.push_back(Action::LeaveBehind(leg, client, page)),
            _ => self.hang_up(leg),
        }
    }

    /// Further legs are asked for together, and given up together.
    pub(super) fn hang_up(&mut self, leg: usize) {
        if leg == FIRST {
            self.leasing = false;
        } else {
            self.leasing_further = false;
        }
        self.take_client(leg);
        self.actions.push_back(Action::HangUp(leg));
    }
}

/// One of the legs after the first.
const FURTHER: usize = FIRST + 1;
