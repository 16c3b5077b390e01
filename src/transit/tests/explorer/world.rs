//! The whole model: sender, session, next hop, and what is promised of them, checked at every step.
//!
//! The owner of the session is played as `net::Pump` plays it: every action is carried out before the next is asked
//! for, and the gate is looked at with what the sender has said so far.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

use super::fault::{Event, Stage};
use super::link::{Leg, Link, Owed, new_ledger, print};
use super::next_hop::{Commit, NextHop};
use super::plan::{Plan, is_signed, is_whole};
use super::sabotage::Sabotage;
use super::sender::{Due, Heard, Sender};
use crate::smtp::Client;
use crate::transit::{Action, Page, SharedLedger, Wanted};

/// A promise that was not kept.
pub type Broken = String;

/// One state.
pub struct World {
    pub plan: Plan,
    pub sabotage: Option<Sabotage>,
    pub sender: Sender,
    pub link: Option<Link>,
    /// A session to the next hop that waits for its next message.
    pub kept: Option<Kept>,
    /// How often the next hop has the message for each recipient.
    pub taken: Vec<usize>,
    pub attempt: Attempt,
    pub faults_left: usize,
    pub ledger: Option<SharedLedger>,
    /// Sessions that have the whole message, and whose answers are for the ledger alone.
    pub behind: Vec<Behind>,
    /// Faults after which nobody can know what the next hop has, less what was duplicated by them.
    pub excuses: usize,
}

#[derive(Clone)]
pub struct Behind {
    pub client: Box<Client>,
    pub page: Page,
    pub leg: Leg,
}

impl Clone for World {
    /// With a ledger of its own, in which all that is in hand writes from now on.
    fn clone(&self) -> World {
        let ledger = self.ledger.as_ref().map(|ledger| Arc::new(Mutex::new(ledger.lock().unwrap().clone())));
        let (mut link, mut behind) = (self.link.clone(), self.behind.clone());
        if let Some(ledger) = &ledger {
            link.iter_mut().for_each(|link| link.session.write_to(ledger.clone()));
            behind.iter_mut().for_each(|behind| behind.page.write_to(ledger.clone()));
        }
        World {
            plan: self.plan,
            sabotage: self.sabotage,
            sender: self.sender.clone(),
            link,
            kept: self.kept.clone(),
            taken: self.taken.clone(),
            attempt: self.attempt.clone(),
            faults_left: self.faults_left,
            ledger,
            behind,
            excuses: self.excuses,
        }
    }
}

#[derive(Clone)]
pub struct Kept {
    pub client: Box<Client>,
    pub next_hop: NextHop,
}

/// The transaction in hand, or the last one.
#[derive(Debug, Clone, Default, Hash)]
pub struct Attempt {
    pub committed: Vec<usize>,
    pub told: Vec<usize>,
    /// The commit point was passed, and the sender has no answer yet.
    pub in_window: bool,
    pub fault_in_window: bool,
    /// The next hop refused something of it for good.
    pub refused: bool,
    finished: bool,
}

impl World {
    pub fn new(plan: Plan, sabotage: Option<Sabotage>) -> Result<World, Broken> {
        let mut world = World {
            plan,
            sabotage,
            sender: Sender::new(plan),
            link: None,
            kept: None,
            taken: vec![0; plan.recipients],
            attempt: Attempt::default(),
            faults_left: plan.faults,
            ledger: plan.ledger.then(new_ledger),
            behind: Vec::new(),
            excuses: 0,
        };
        if plan.warm {
            let (client, next_hop) = world.dial(None).map_err(|refusal| format!("{refusal:?}"))?;
            world.kept = Some(Kept { client, next_hop });
        }
        Ok(world)
    }

    /// What tells this state from others. 64 bits: among a million states two are taken for one with a chance of one
    /// in thirty million.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        (&self.sender, &self.taken, &self.attempt, self.faults_left, self.excuses).hash(&mut hasher);
        if let Some(ledger) = &self.ledger {
            print(&*ledger.lock().unwrap()).hash(&mut hasher);
        }
        for Behind { client, page, leg } in &self.behind {
            (print(&client.state()), print(page), leg).hash(&mut hasher);
        }
        if let Some(Kept { client, next_hop }) = &self.kept {
            (print(&client.state()), next_hop).hash(&mut hasher);
        }
        match &self.link {
            Some(link) => link.hash(&mut hasher),
            None => 0.hash(&mut hasher),
        }
        hasher.finish()
    }

    /// Where the message stands.
    pub fn stage(&self) -> Stage {
        let awaits = |due: Due| self.sender.due.contains(&due);
        let Some(link) = self.link.as_ref().filter(|_| !self.sender.choosing) else { return Stage::Between };
        if self.attempt.in_window {
            // The next hop's answer is there as soon as ours is.
            return if link.to_sender.is_empty() { Stage::Verdict } else { Stage::Reply };
        }
        match () {
            () if awaits(Due::Greeting) || awaits(Due::Hello) || awaits(Due::Reset) => Stage::Opening,
            () if awaits(Due::Mail) || awaits(Due::Rcpt) => Stage::Envelope,
            () if awaits(Due::Data) || awaits(Due::Chunk) || awaits(Due::End) => Stage::Content,
            () => Stage::Between,
        }
    }

    /// What can happen without a fault.
    pub fn events(&self) -> Vec<Event> {
        // The sender waits longer with its next try than we for an answer.
        let late = (!self.behind.is_empty()).then_some(Event::Late);
        let Some(link) = &self.link else {
            let next = if self.sender.is_satisfied() { None } else { Some(Event::Connect) };
            return late.or(next).into_iter().collect();
        };
        if link.owed.is_some() {
            return vec![Event::Grant];
        }
        let here = !link.sender_gone;
        let of_legs = link.open_legs().flat_map(|(number, leg)| {
            [(Event::ToNextHop(number), !leg.to.is_empty()), (Event::FromNextHop(number), !leg.from.is_empty())]
        });
        [
            (Event::Late, late.is_some()),
            (Event::TryAgain, late.is_none() && here && self.sender.choosing && !link.closing),
            (Event::Leave, here && self.sender.choosing),
            (Event::FromSender, here && !link.closing && !link.from_sender.is_empty()),
            (Event::ToSender, here && !link.to_sender.is_empty()),
            (Event::Lease, link.leasing),
            (Event::LeaseFurther, link.leasing_further > 0),
            (Event::Rules, link.loading.is_some()),
            (Event::Gate, link.gate),
        ]
        .into_iter()
        .chain(of_legs)
        .filter_map(|(event, can)| can.then_some(event))
        .collect()
    }

    /// Takes a step.
    pub fn apply(&mut self, event: Event) -> Result<(), Broken> {
        match event {
            Event::Connect => {
                self.sender.connect();
                self.link = Some(Link::new(self.ledger.clone(), self.plan));
            }
            Event::TryAgain => {
                let heard = self.sender.try_again();
                self.follow(heard)?;
            }
            Event::Leave => self.sender_leaves(),
            Event::FromSender => {
                if let Some(link) = &mut self.link {
                    let piece = link.from_sender.pop_front().unwrap_or_default();
                    link.session.sender_spoke();
                    link.input.extend_from_slice(&piece);
                }
            }
            Event::ToSender => {
                let octets = self.link.as_mut().map(|link| std::mem::take(&mut link.to_sender)).unwrap_or_default();
                self.sender_hears(&octets)?;
            }
            Event::ToNextHop(leg) => self.next_hop_hears(leg, usize::MAX, None)?,
            Event::FromNextHop(leg) => self.next_hop_says(leg),
            Event::Lease => self.lease(None)?,
            Event::LeaseFurther => self.lease_further(false)?,
            Event::Rules => self.link.iter_mut().for_each(|link| link.load(true)),
            Event::Gate => self.open_the_gate(),
            Event::Grant => self.grant(),
            Event::Late => self.late_answer(),
            Event::Fault(fault) => self.suffer(fault)?,
        }
        self.settle()?;
        self.check()
    }

    fn open_the_gate(&mut self) {
        let Some(link) = &mut self.link else { return };
        link.gate = false;
        let now = link.now();
        link.session.gate_open(now);
        self.attempt.in_window = true;
    }

    fn grant(&mut self) {
        let Some(link) = &mut self.link else { return };
        let (now, opening) = (link.now(), link.opening());
        match link.owed.take() {
            Some(Owed::Begin) => link.session.begin(opening, now),
            Some(Owed::Reserve(octets)) => link.session.grant(octets),
            None => {}
        }
    }

    /// What `Pump::carry_out` does.
    fn settle(&mut self) -> Result<(), Broken> {
        for round in 0.. {
            if round > 10_000 {
                return Err("the session never comes to rest".to_owned());
            }
            let Some(link) = self.link.as_mut().filter(|link| link.owed.is_none()) else { return Ok(()) };
            let now = link.now();
            if let Some(action) = link.session.poll_action(now) {
                self.perform(action)?;
                continue;
            }
            if link.sender_gone {
                link.session.sender_ended();
            }
            let backlog = link.open_legs().map(|(_, leg)| leg.to.len()).max().unwrap_or_default();
            if !link.session.feed(&mut link.input, backlog, now) {
                break;
            }
        }
        let Some(link) = &mut self.link else { return Ok(()) };
        if !link.session.has_message() {
            link.loading = None;
        }
        link.write(self.sabotage);
        link.take_print();
        if link.closing && (link.sender_gone || link.to_sender.is_empty()) {
            self.end_link()?;
        }
        Ok(())
    }

    fn perform(&mut self, action: Action) -> Result<(), Broken> {
        let Some(action) = Sabotage::bend(self, action) else { return Ok(()) };
        let Some(link) = &mut self.link else { return Ok(()) };
        match action {
            Action::ToSender(octets) if !link.sender_gone => {
                link.to_sender.extend_from_slice(&octets);
                link.writing = true;
            }
            Action::ToSender(_) | Action::Health(..) | Action::NextHopFailed(..) => {}
            Action::ToNextHop(leg, octets) => match link.leg_mut(leg) {
                Some(leg) => leg.to.extend_from_slice(&octets),
                None => return Err("octets for a next hop that is gone".to_owned()),
            },
            Action::Begin => link.owed = Some(Owed::Begin),
            Action::Reserve(octets) => link.owed = Some(Owed::Reserve(octets)),
            Action::Lease(tenant, wanted) if tenant.id().as_str() == "contoso" => {
                link.leasing = true;
                // A kept session that turned out dead is no reason to try another one.
                self.kept = self.kept.take().filter(|_| wanted == Wanted::Any);
            }
            Action::LeaseFurther(_, count) => link.leasing_further = count,
            Action::Snapshot(tenant) => {
                link.loading = Some(tenant);
                if !self.plan.cold {
                    link.load(true);
                }
            }
            Action::LeaveBehind(leg, client, page) => {
                if let Some(leg) = link.take_leg(leg) {
                    self.leave_behind(client, page, leg)?;
                }
            }
            Action::GiveBack(leg, _, client) => {
                if let Some(leg) = link.take_leg(leg) {
                    self.tidy(client, leg)?;
                }
            }
            Action::HangUp(leg) => {
                if leg == 0 {
                    link.leasing = false;
                } else {
                    link.leasing_further = 0;
                }
                if let Some(leg) = link.take_leg(leg) {
                    self.abandon(leg, usize::MAX)?;
                }
            }
            Action::Gate => link.gate = true,
            Action::Finished(_) if std::mem::replace(&mut self.attempt.finished, true) => {
                return Err("a message has its verdict twice".to_owned());
            }
            Action::Finished(_) => {}
            Action::Close => link.closing = true,
            other @ (Action::Lease(..) | Action::Unproven(_) | Action::UpgradeTls) => return Err(format!("{other:?}")),
        }
        Ok(())
    }

    /// Our side of the connection is over.
    pub fn end_link(&mut self) -> Result<(), Broken> {
        let Some(link) = self.link.take() else { return Ok(()) };
        for leg in link.legs.into_iter().flatten() {
            self.abandon(leg, usize::MAX)?;
        }
        if !link.sender_gone {
            self.sender.disconnected();
        }
        self.close_attempt()
    }

    /// The sender closes its side, and hears no more.
    pub fn sender_leaves(&mut self) {
        self.sender.disconnected();
        if let Some(link) = &mut self.link {
            link.sender_gone = true;
            link.from_sender.clear();
            link.to_sender.clear();
        }
    }

    pub fn sender_hears(&mut self, octets: &[u8]) -> Result<(), Broken> {
        let waited = self.sender.due.contains(&Due::End);
        let heard = self.sender.hear(octets)?;
        if waited && !self.sender.due.contains(&Due::End) {
            self.attempt.in_window = false;
        }
        self.follow(heard)
    }

    fn follow(&mut self, heard: Heard) -> Result<(), Broken> {
        if let Some((recipients, text)) = heard.told {
            self.told(recipients, &text)?;
        }
        if heard.bounced && !self.attempt.refused {
            return Err("a message bounced that the next hop has not refused".to_owned());
        }
        if heard.begins {
            self.close_attempt()?;
        }
        if heard.leaves {
            self.sender_leaves();
        } else if let Some(link) = &mut self.link {
            link.from_sender.extend(heard.say);
        }
        Ok(())
    }

    /// Lost = 0: whom the sender was told of, the next hop has. And the words are the next hop's own.
    fn told(&mut self, recipients: Vec<usize>, text: &str) -> Result<(), Broken> {
        let mut committed = self.attempt.committed.clone();
        committed.sort_unstable();
        let here = committed.eq(&recipients) || self.ledger.is_some();
        if recipients.iter().any(|&index| self.taken[index] == 0) || !here {
            return Err(format!("LOST: told {text:?} of {recipients:?}, committed {:?}", self.attempt.committed));
        }
        if !text.contains("taken by the next hop") {
            return Err(format!("a success of our own making: {text:?}"));
        }
        self.attempt.told = recipients;
        Ok(())
    }

    /// The next hop is responsible for a message.
    pub fn commit(&mut self, Commit { recipients, content }: Commit) -> Result<(), Broken> {
        is_whole(self.plan, &content)?;
        if self.plan.copies && is_signed(&content) && recipients != [0] {
            return Err(format!("the signature of another recipient: {recipients:?}"));
        }
        let again = recipients.iter().any(|index| self.attempt.committed.contains(index));
        if again || recipients.is_empty() || !self.plan.copies && !self.attempt.committed.is_empty() {
            return Err("a message was handed over twice in one try".to_owned());
        }
        for &index in &recipients {
            // With a ledger only what nobody could know of comes twice.
            if self.ledger.is_some() && self.taken[index] > 0 {
                self.excuses = self.excuses.checked_sub(1).ok_or("a duplicate that the ledger should have known of")?;
            }
            self.taken[index] += 1;
        }
        self.attempt.committed.extend(recipients);
        Ok(())
    }

    /// A try is over: what the next hop has and the sender does not know of comes again, which only a fault between
    /// the commit point and the sender's hearing of it may cause.
    pub fn close_attempt(&mut self) -> Result<(), Broken> {
        let attempt = std::mem::take(&mut self.attempt);
        if !attempt.committed.is_empty() && attempt.told.is_empty() && !attempt.fault_in_window {
            return Err(format!("a duplicate without a fault in its window: {attempt:?}"));
        }
        if self.sender.tries > self.plan.faults + self.plan.recipients + 1 {
            return Err(format!("{} tries for {} faults", self.sender.tries, self.plan.faults));
        }
        Ok(())
    }

    /// Whoever is waited for has a deadline, or the owner knows of it.
    fn check(&self) -> Result<(), Broken> {
        let Some(link) = self.link.as_ref().filter(|link| !link.closing) else { return Ok(()) };
        let owner_knows =
            link.leasing || link.leasing_further > 0 || link.loading.is_some() || link.gate || link.owed.is_some();
        let stalls = link.open_legs().any(|(_, leg)| !leg.to.is_empty());
        let deadline = Sabotage::deadline(self, link.session.poll_timeout());
        if deadline.is_none() && !owner_knows && !stalls {
            return Err("something is waited for without a deadline".to_owned());
        }
        Ok(())
    }
}
