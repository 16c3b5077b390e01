//! The next hop's end of the model: octets both ways, and what becomes of a session that a message does not need any
//! more: given back, abandoned, or left behind with the whole of it.

use bytes::BytesMut;
use jiff::Timestamp;

use super::link::{Leg, fixed};
use super::next_hop::{Misreply, Said};
use super::world::{Behind, Broken, Kept, World};
use crate::smtp::{Asked, Client, Event as Told};
use crate::transit::{Now, Page};

impl World {
    /// The next hop takes so many of the octets that are on their way.
    pub fn next_hop_hears(
        &mut self,
        number: usize,
        octets: usize,
        misreply: Option<(usize, Misreply)>,
    ) -> Result<(), Broken> {
        let Some(leg) = self.link.as_mut().and_then(|link| link.leg_mut(number)) else { return Ok(()) };
        let octets: Vec<u8> = leg.to.drain(..octets.min(leg.to.len())).collect();
        let Said { replies, commits, refused } = leg.next_hop.hear(&octets, misreply);
        leg.from.extend(replies);
        self.attempt.refused |= refused;
        commits.into_iter().try_for_each(|commit| self.commit(commit))
    }

    /// Its next reply comes to us; behind the last one its end, if it closed.
    pub fn next_hop_says(&mut self, number: usize) {
        let Some(link) = &mut self.link else { return };
        let Some(leg) = link.leg_mut(number) else { return };
        let reply = leg.from.pop_front().unwrap_or_default();
        let ends = leg.from.is_empty() && leg.next_hop.closed;
        let now = link.now();
        link.session.feed_next_hop(number, &mut BytesMut::from(&reply[..]), now);
        if ends {
            link.session.next_hop_ended(number, now);
        }
    }

    /// The connection with the next hop is closed by us; so much of what we said had left already.
    pub fn abandon(&mut self, mut leg: Leg, octets: usize) -> Result<(), Broken> {
        let length = octets.min(leg.to.len());
        let Said { commits, .. } = leg.next_hop.hear(&leg.to[..length], None);
        commits.into_iter().try_for_each(|commit| self.commit(commit))
    }

    /// All of the message has left already.
    pub fn leave_behind(&mut self, client: Box<Client>, page: Page, mut leg: Leg) -> Result<(), Broken> {
        let Said { replies, commits, .. } = leg.next_hop.hear(&std::mem::take(&mut leg.to), None);
        leg.from.extend(replies);
        self.behind.push(Behind { client, page, leg });
        commits.into_iter().try_for_each(|commit| self.commit(commit))
    }

    /// What `net::late` does.
    pub fn late_answer(&mut self) {
        if self.behind.is_empty() {
            return;
        }
        let Behind { mut client, mut page, leg } = self.behind.remove(0);
        let now = Now { instant: fixed().begin, wall: Timestamp::from_second(1_795_255_200).unwrap() };
        let mut answer = None;
        for reply in leg.from {
            client.feed(&mut BytesMut::from(&reply[..]), now.instant);
            while let Some(told) = client.poll_event() {
                if let Told::Reply(Asked::EndOfMessage, reply) = told {
                    answer = Some(reply);
                }
            }
        }
        page.note_late(answer.as_ref(), now);
    }

    /// What `Outbound::tidy` does, without a fault on the way.
    pub fn tidy(&mut self, mut client: Box<Client>, mut leg: Leg) -> Result<(), Broken> {
        let now = fixed().begin;
        if !client.is_idle() {
            client.reset(now);
        }
        for _ in 0..20 {
            while let Some(octets) = client.poll_transmit() {
                leg.to.extend_from_slice(&octets);
            }
            let Said { replies, commits, .. } = leg.next_hop.hear(&std::mem::take(&mut leg.to), None);
            leg.from.extend(replies);
            commits.into_iter().try_for_each(|commit| self.commit(commit))?;
            for reply in leg.from.drain(..) {
                client.feed(&mut BytesMut::from(&reply[..]), now);
            }
            while let Some(told) = client.poll_event() {
                if matches!(told, Told::Failed(_)) {
                    return Ok(());
                }
            }
            if leg.next_hop.closed {
                return Ok(());
            }
            if client.is_idle() {
                self.kept = Some(Kept { client, next_hop: leg.next_hop });
                return Ok(());
            }
        }
        Err("a session that is given back never comes to rest".to_owned())
    }
}
