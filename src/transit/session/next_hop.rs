//! The session's side towards the next hop: how a leased session comes, is told what the message wants, says its
//! answers, and is given back, left behind or hung up on.
//!
//! A session to a next hop is ours from the lease to one of those three. What it says after that is nobody's here.

use std::time::Instant;

use bytes::BytesMut;

use super::{Action, Session};
use crate::smtp::{Client, Event};
use crate::transit::{Command, Input, Lease, Now, Page, Refusal};

impl Session {
    /// Takes what the next hop said.
    pub fn feed_next_hop(&mut self, input: &mut BytesMut, now: Now) {
        if let Some(client) = &mut self.next_hop {
            client.feed(input, now.instant);
        }
    }

    /// The next hop closed, its connection broke, or it takes nothing.
    pub fn next_hop_ended(&mut self, now: Now) {
        if let Some(client) = &mut self.next_hop {
            client.closed_by_peer(now.instant);
        }
    }

    /// Answers [`Action::Lease`]. `reused`: it carried a message before; see [`Lease`] for the last.
    pub fn leased(&mut self, client: Box<Client>, reused: bool, attribution_refused_since: Option<Instant>, now: Now) {
        if !std::mem::replace(&mut self.leasing, false) {
            return self.actions.push_back(Action::HangUp);
        }
        let lease = Lease { extensions: client.extensions().clone(), reused, attribution_refused_since };
        self.next_hop = Some(client);
        self.tell(Input::Leased(lease), now);
    }

    /// Answers [`Action::Lease`]: none can be had.
    pub fn lease_refused(&mut self, refusal: Refusal, now: Now) {
        if std::mem::replace(&mut self.leasing, false) {
            self.tell(Input::LeaseRefused(refusal), now);
        }
    }

    /// Hands a command to the session with the next hop.
    pub(super) fn say(&mut self, command: Command, now: Now) {
        let Some(client) = &mut self.next_hop else { return };
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
                    self.tell(Input::BareLineEnd, now);
                }
            }
            Command::EndOfData => client.end_of_data(now.instant),
        }
    }

    pub(super) fn heard(&mut self, event: Event, now: Now) {
        match event {
            Event::Reply(asked, reply) => self.tell(Input::NextHop(asked, reply), now),
            Event::Late => self.tell(Input::VerdictLate, now),
            Event::Failed(error) => {
                self.hang_up();
                self.tell(Input::NextHopGone(error), now);
            }
            // Both belong to dialling, which is over.
            Event::UpgradeTls | Event::Ready => {}
        }
    }

    /// Gives the session to the next hop back, or the wish for one up.
    pub(super) fn let_go(&mut self) {
        let tenant = self.message.as_ref().and_then(|message| message.tenant.clone());
        match (self.next_hop.take(), tenant) {
            (Some(client), Some(tenant)) => self.actions.push_back(Action::GiveBack(tenant, client)),
            (Some(_), None) => self.hang_up(),
            (None, _) if self.leasing => self.hang_up(),
            (None, _) => {}
        }
    }

    pub(super) fn leave_behind(&mut self) {
        let page = self.page.as_mut().and_then(Page::split_off);
        match (self.next_hop.take(), page) {
            (Some(client), Some(page)) => self.actions.push_back(Action::LeaveBehind(client, page)),
            _ => self.hang_up(),
        }
    }

    pub(super) fn hang_up(&mut self) {
        self.leasing = false;
        self.next_hop = None;
        self.actions.push_back(Action::HangUp);
    }
}
