//! Faults put in on purpose between the session and its wires, as a fault of ours would look from outside: for each
//! the explorer has to find a run that breaks a promise.

use std::time::Instant;

use bytes::Bytes;

use super::sender::Due;
use super::world::World;
use crate::transit::Action;

/// What we do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// What is not known is called a success.
    SuccessFromAnything,
    /// A message that is given up gets its last octets.
    TerminatorBeforeGate,
    /// The gate does not look whether the sender is there.
    BlindGate,
    /// A dot is not doubled.
    DotNotDoubled,
    /// The verdict is never told.
    NoAnswer,
    /// There is no deadline.
    NoDeadline,
    /// A trouble of ours bounces the message.
    BounceOfOurs,
    /// A recipient that was refused is taken.
    RecipientTaken,
    /// The verdict is told twice.
    AnswerTwice,
    /// What the sender said before our answer counts as said after it.
    DeafToPipelining,
}

impl Sabotage {
    /// The action as a session with this fault would give it.
    pub fn bend(world: &mut World, action: Action) -> Option<Action> {
        let Some(sabotage) = world.sabotage else { return Some(action) };
        let Action::ToSender(octets) = &action else { return bend_other(sabotage, world, action) };
        let text = String::from_utf8_lossy(octets).into_owned();
        let verdict = world.sender.due.front() == Some(&Due::End);
        let said = |text: String| Some(Action::ToSender(Bytes::from(text)));
        match sabotage {
            Sabotage::SuccessFromAnything if verdict && text.starts_with("451 4.4.2") => {
                said(text.replace("451 4.4.2", "250 2.6.0"))
            }
            Sabotage::BounceOfOurs if text.starts_with("451 4.4") => said(text.replace("451 4", "550 5")),
            Sabotage::RecipientTaken if text.starts_with("550 5.1.0") => said("250 2.1.5 taken\r\n".to_owned()),
            Sabotage::AnswerTwice if text.contains("taken by") => said(text.repeat(2)),
            Sabotage::NoAnswer if text.contains("taken by") => None,
            _ => Some(action),
        }
    }

    pub fn deadline(world: &World, deadline: Option<Instant>) -> Option<Instant> {
        let waits_for_next_hop = world.attempt.in_window;
        deadline.filter(|_| world.sabotage != Some(Sabotage::NoDeadline) || !waits_for_next_hop)
    }
}

fn bend_other(sabotage: Sabotage, world: &mut World, action: Action) -> Option<Action> {
    match (&action, sabotage) {
        (Action::HangUp(leg), Sabotage::TerminatorBeforeGate) => {
            let leg = world.link.as_mut().and_then(|link| link.leg_mut(*leg));
            if let Some(leg) = leg.filter(|leg| leg.next_hop.takes_content()) {
                leg.to.extend_from_slice(b"\r\n.\r\n");
            }
            Some(action)
        }
        (Action::ToNextHop(_, octets), Sabotage::DotNotDoubled) if octets[..] == *b"." => None,
        _ => Some(action),
    }
}
