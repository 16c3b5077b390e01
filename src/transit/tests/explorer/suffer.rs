//! The faults of the model: which can happen in a state, and what they do.

use bytes::{Bytes, BytesMut};

use super::fault::{Event, Fault, LeaseFault, Opening, Stage, Unasked};
use super::link::{Leg, Link, fixed, new_ledger};
use super::next_hop::{MISREPLIES, Misreply, NextHop};
use super::sabotage::Sabotage;
use super::world::{Broken, Kept, World};
use crate::smtp::{Client, ClientError, Event as Told, Reply};
use crate::transit::Refusal;

impl World {
    /// The faults that can happen now.
    pub fn faults(&self) -> Vec<Fault> {
        let Some(link) = self.link.as_ref().filter(|_| self.faults_left > 0 && !self.sender.is_satisfied()) else {
            return Vec::new();
        };
        if link.owed.is_some() {
            return vec![Fault::NoMemory];
        }
        let mut faults = vec![Fault::Crash { leg: 0, after: 0 }];
        if !link.sender_gone {
            let pieces = cuts(link.from_sender.front().map_or(0, Bytes::len));
            faults.extend(pieces.map(|after| Fault::SenderCloses { after }));
            faults.extend(cuts(link.to_sender.len()).map(|after| Fault::SenderResets { after }));
        }
        for (number, leg) in link.open_legs() {
            self.faults_of_next_hop(link, number, leg, &mut faults);
        }
        if link.leasing_further > 0 {
            faults.push(Fault::LeaseFurther);
        }
        if link.leasing {
            faults.extend(lease_faults(self.kept.is_some()).into_iter().map(Fault::Lease));
        }
        let others = [
            (Fault::Timeout, !link.closing && link.session.poll_timeout().is_some()),
            (Fault::NoRules, link.loading.is_some()),
            (Fault::OutOfTime, link.session.is_holding()),
            (Fault::Drain, !link.draining && !link.closing),
            (Fault::Stop, !link.closing),
        ];
        faults.extend(others.into_iter().filter_map(|(fault, can)| can.then_some(fault)));
        faults
    }

    fn faults_of_next_hop(&self, link: &Link, at: usize, leg: &Leg, faults: &mut Vec<Fault>) {
        faults.extend(cuts(leg.to.len()).map(|after| Fault::NextHopDeaf { leg: at, after }));
        if let Some(reply) = leg.from.front() {
            faults.extend(cuts(reply.len()).map(|after| Fault::NextHopMute { leg: at, after }));
        }
        if !leg.to.is_empty() {
            faults.push(Fault::Crash { leg: at, after: leg.to.len() / 2 });
            let replies = leg.next_hop.clone().hear(&leg.to, None).replies.len();
            for number in 0..replies {
                // A reply too many that comes when others are due is taken for one of these, and nobody can tell.
                let can = |misreply: &Misreply| *misreply != Misreply::Ahead || number + 1 == replies;
                let those = MISREPLIES.into_iter().filter(can);
                faults.extend(those.map(|misreply| Fault::Misreply { leg: at, number, misreply }));
            }
        } else if leg.from.is_empty() && !leg.next_hop.closed {
            faults.push(Fault::Unasked(at, Unasked::Closing));
            if leg.next_hop.takes_content() {
                faults.extend([Unasked::Temporary, Unasked::Permanent].map(|unasked| Fault::Unasked(at, unasked)));
            }
            // With everything said, a success is the answer; before that it is one that nobody asked for.
            if !self.attempt.in_window && !link.gate {
                faults.push(Fault::Unasked(at, Unasked::Success));
            }
        }
    }

    /// Does what a fault does. Whether it lies in the window is seen before.
    pub fn suffer(&mut self, fault: Fault) -> Result<(), Broken> {
        self.faults_left -= 1;
        let stage = self.stage();
        // An end in order is no reason for a duplicate.
        self.attempt.fault_in_window |= matches!(stage, Stage::Verdict | Stage::Reply) && fault != Fault::Stop;
        self.excuses += match (stage, fault) {
            // Gone with all that we knew of.
            (_, Fault::Crash { .. }) => self.plan.recipients,
            // It may have the message for these, and has not said so.
            (Stage::Verdict, fault) => {
                fault.leg().and_then(|leg| self.link.as_ref()?.leg(leg)).map_or(0, |leg| leg.next_hop.asked)
            }
            _ => 0,
        };
        match fault {
            Fault::SenderCloses { after } => self.sender_closes(after),
            Fault::SenderResets { after } => return self.sender_resets(after),
            Fault::Timeout => self.pass_time(),
            Fault::NextHopDeaf { leg, after } => {
                self.next_hop_hears(leg, after, None)?;
                self.next_hop_ends(leg);
            }
            Fault::NextHopMute { leg, after } => self.next_hop_breaks_off(leg, after),
            Fault::Misreply { leg, number, misreply } => {
                self.next_hop_hears(leg, usize::MAX, Some((number, misreply)))?;
                if misreply == Misreply::Ahead {
                    self.next_hop_says_all(leg);
                }
            }
            Fault::Unasked(leg, unasked) => self.next_hop_speaks(leg, unasked),
            Fault::Lease(fault) => return self.lease(Some(fault)),
            Fault::LeaseFurther => return self.lease_further(true),
            Fault::NoRules => self.link.iter_mut().for_each(|link| link.load(false)),
            Fault::NoMemory | Fault::OutOfTime | Fault::Drain => self.be_short(fault),
            Fault::Stop => return self.stop(),
            Fault::Crash { leg, after } => return self.crash(leg, after),
        }
        Ok(())
    }

    fn sender_closes(&mut self, after: usize) {
        let Some(link) = &mut self.link else { return };
        let piece = link.from_sender.pop_front().unwrap_or_default();
        link.input.extend_from_slice(&piece[..after.min(piece.len())]);
        if self.sabotage == Some(Sabotage::BlindGate) && link.gate {
            self.blind_gate();
        }
        self.sender_leaves();
    }

    fn blind_gate(&mut self) {
        let fault_in_window = self.attempt.fault_in_window;
        let _ = self.apply(Event::Gate);
        self.attempt.fault_in_window = fault_in_window;
    }

    fn sender_resets(&mut self, after: usize) -> Result<(), Broken> {
        let octets = self.link.as_ref().map(|link| link.to_sender.clone()).unwrap_or_default();
        self.sender_hears(&octets[..after.min(octets.len())])?;
        self.sender_leaves();
        if let Some(link) = &mut self.link {
            let now = link.now();
            link.session.sender_lost(now);
        }
        Ok(())
    }

    fn pass_time(&mut self) {
        let Some(link) = &mut self.link else { return };
        link.instant = link.session.poll_timeout().unwrap_or(link.instant).max(link.instant);
        let now = link.now();
        link.session.handle_timeout(now);
    }

    fn next_hop_ends(&mut self, number: usize) {
        let Some(link) = &mut self.link else { return };
        if let Some(leg) = link.leg_mut(number) {
            leg.from.clear();
            leg.to.clear();
        }
        let now = link.now();
        link.session.next_hop_ended(number, now);
    }

    fn next_hop_breaks_off(&mut self, number: usize, after: usize) {
        if let Some(link) = &mut self.link {
            let reply = link.leg_mut(number).and_then(|leg| leg.from.pop_front()).unwrap_or_default();
            let now = link.now();
            link.session.feed_next_hop(number, &mut BytesMut::from(&reply[..after.min(reply.len())]), now);
        }
        self.next_hop_ends(number);
    }

    /// At once, so that nothing more is asked meanwhile.
    fn next_hop_says_all(&mut self, number: usize) {
        let replies = self.link.as_ref().and_then(|link| link.leg(number)).map_or(0, |leg| leg.from.len());
        (0..replies).for_each(|_| self.next_hop_says(number));
    }

    fn next_hop_speaks(&mut self, number: usize, unasked: Unasked) {
        let Some(link) = &mut self.link else { return };
        let Some(leg) = link.leg_mut(number) else { return };
        let reply = match unasked {
            Unasked::Temporary => "452 4.2.2 full\r\n",
            Unasked::Permanent => "552 5.3.4 too large\r\n",
            Unasked::Closing => "421 4.3.2 closing\r\n",
            Unasked::Success => "250 2.6.0 taken by nobody\r\n",
        };
        leg.next_hop.closed = unasked != Unasked::Success;
        self.attempt.refused |= unasked == Unasked::Permanent;
        leg.from.push_back(Bytes::from_static(reply.as_bytes()));
        self.next_hop_says(number);
    }

    fn be_short(&mut self, fault: Fault) {
        let Some(link) = &mut self.link else { return };
        let now = link.now();
        match fault {
            Fault::NoMemory => {
                link.owed = None;
                link.session.no_memory(now);
            }
            Fault::OutOfTime => link.session.out_of_time(now),
            _ => {
                link.draining = true;
                link.session.drain(now);
            }
        }
    }

    /// What `Pump::serve` does with the order to stop.
    fn stop(&mut self) -> Result<(), Broken> {
        let Some(link) = &mut self.link else { return Ok(()) };
        if link.session.is_committed() {
            link.draining = true;
            let now = link.now();
            link.session.drain(now);
            return Ok(());
        }
        // What was written still comes to the sender.
        let said = std::mem::take(&mut link.to_sender);
        self.sender_hears(&said)?;
        self.end_link()
    }

    /// So much of what was said on a leg came through, and on the others everything or nothing.
    fn crash(&mut self, at: usize, after: usize) -> Result<(), Broken> {
        self.kept = None;
        self.ledger = self.ledger.take().map(|_| new_ledger());
        self.behind.clear();
        let Some(link) = self.link.take() else { return Ok(()) };
        for (number, leg) in link.legs.into_iter().enumerate() {
            if let Some(leg) = leg {
                self.abandon(leg, if number == at { after } else { usize::MAX })?;
            }
        }
        self.sender.disconnected();
        self.close_attempt()
    }

    /// A session is leased, kept or new, or none.
    pub fn lease(&mut self, fault: Option<LeaseFault>) -> Result<(), Broken> {
        let leased = match (fault, self.kept.take()) {
            (None, Some(Kept { client, next_hop })) => Ok((client, next_hop, true)),
            (_, kept) => {
                self.kept = kept;
                self.dial(fault).map(|(client, next_hop)| (client, next_hop, false))
            }
        };
        let Some(link) = &mut self.link else { return Ok(()) };
        link.leasing = false;
        let now = link.now();
        match leased {
            Ok((client, next_hop, reused)) => {
                let leg = Some(Leg { next_hop, to: Vec::new(), from: Default::default() });
                match link.legs.first_mut() {
                    Some(first) => *first = leg,
                    None => link.legs.push(leg),
                }
                link.session.leased(client, reused, None, now);
            }
            Err(refusal) => {
                link.session.lease_refused(refusal, now);
            }
        }
        Ok(())
    }

    /// Sessions for all further legs, each a new one; or none.
    pub fn lease_further(&mut self, refused: bool) -> Result<(), Broken> {
        let count = self.link.as_ref().map_or(0, |link| link.leasing_further);
        let dialled: Result<Vec<_>, Refusal> = (0..count).map(|_| self.dial(None)).collect();
        let Some(link) = &mut self.link else { return Ok(()) };
        link.leasing_further = 0;
        let now = link.now();
        match dialled {
            Ok(_) if refused => link.session.lease_refused(Refusal::Busy, now),
            Ok(dialled) => {
                let (clients, next_hops): (Vec<_>, Vec<_>) = dialled.into_iter().unzip();
                let legs =
                    next_hops.into_iter().map(|next_hop| Leg { next_hop, to: Vec::new(), from: Default::default() });
                link.legs.truncate(1);
                link.legs.extend(legs.map(Some));
                link.session.further_leased(clients, None, now);
            }
            Err(refusal) => return Err(format!("{refusal:?}")),
        }
        Ok(())
    }

    /// Opens a session, as `net::Dialer` does.
    pub fn dial(&self, fault: Option<LeaseFault>) -> Result<(Box<Client>, NextHop), Refusal> {
        let (greeting, hello) = match fault {
            None => (None, None),
            Some(LeaseFault::Unresolved) => return Err(Refusal::Unresolved),
            Some(LeaseFault::Unreachable) => return Err(Refusal::Unreachable),
            Some(LeaseFault::Tls) => return Err(Refusal::Tls),
            Some(LeaseFault::Busy) => return Err(Refusal::Busy),
            Some(LeaseFault::Greeting(opening)) => (Some(opening), None),
            Some(LeaseFault::Hello(opening)) => (None, Some(opening)),
        };
        let mut client = Box::new(Client::new(fixed().client.clone(), fixed().begin));
        let mut next_hop = NextHop::new(self.plan);
        let usual = vec![Bytes::from_static(b"220 next.example\r\n")];
        let greeting_said = match greeting {
            Some(Opening::Says(misreply)) => {
                let said = NextHop::new(self.plan).hear(b"RSET\r\n", Some((0, misreply))).replies;
                if misreply == Misreply::Ahead { [usual, said].concat() } else { said }
            }
            _ => usual,
        };
        answer(&mut client, &greeting_said.concat(), greeting);
        let asked = client.poll_transmit().unwrap_or_default();
        let misreply = match hello {
            Some(Opening::Says(misreply)) => Some((0, misreply)),
            _ => None,
        };
        let said = next_hop.hear(&asked, misreply).replies;
        answer(&mut client, &said.concat(), hello);
        match client.poll_event() {
            Some(Told::Ready) if fault.is_none() => Ok((client, next_hop)),
            Some(Told::Failed(error)) => Err(refusal_of(error)),
            other => Err(Refusal::Session(Reply::new(599, "", &format!("the model opened a session: {other:?}")))),
        }
    }
}

fn answer(client: &mut Client, said: &[u8], opening: Option<Opening>) {
    let now = fixed().begin;
    match opening {
        Some(Opening::Gone) => client.closed_by_peer(now),
        Some(Opening::Silent) => {
            if let Some(late) = client.poll_timeout() {
                client.handle_timeout(late);
            }
        }
        _ => client.feed(&mut BytesMut::from(said), now),
    }
}

/// As in `net::outbound`.
fn refusal_of(error: ClientError) -> Refusal {
    match error {
        ClientError::Greeting(reply) | ClientError::Hello(reply) | ClientError::Closing(reply) => {
            Refusal::Session(reply)
        }
        _ => Refusal::Broken,
    }
}

/// Where a piece is cut: before it, behind its first octet, after a reply's code, in the middle, before its last octet.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    let mut cuts = vec![0, 1, 3, length / 2, length.saturating_sub(1)];
    cuts.retain(|cut| *cut == 0 || *cut < length);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.into_iter()
}

fn lease_faults(kept: bool) -> Vec<LeaseFault> {
    let mut faults = vec![LeaseFault::Busy];
    if kept {
        return faults;
    }
    faults.extend([LeaseFault::Unresolved, LeaseFault::Unreachable, LeaseFault::Tls]);
    let openings = MISREPLIES.into_iter().map(Opening::Says).chain([Opening::Gone, Opening::Silent]);
    for opening in openings {
        faults.extend([LeaseFault::Greeting(opening), LeaseFault::Hello(opening)]);
    }
    faults
}
