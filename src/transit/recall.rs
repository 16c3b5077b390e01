//! A message that may have been here before: asked about when its envelope is settled, proven when it is whole.
//!
//! RCPT comes before the headers are known, so the next hop has taken every recipient again when the ledger can be
//! asked. Where all of them have the message already the session is given back unused and the content is read for
//! its proof alone; where some have, the envelope is begun anew for the rest. An equal proof then stands for those
//! that have it; an unequal one is 451 before anything is committed, and the entry goes: the next try is delivered. A
//! success that the ledger gives was read from the next hop for the same recipient and the same message.

use super::Verdict;
use super::dialogue::Output;
use super::ledger::{Fingerprint, Known, Note, Parcel, Prover, RecipientHash, Taken, Ticket, recipient_hash};
use super::leg::FIRST;
use super::message::{Now, Transit};
use crate::imprint::HeaderBlock;
use crate::smtp::{ClientError, Reply};
use crate::tenant::Tenant;

/// What the ledger has to do with one message.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Recall {
    fingerprint: Fingerprint,
    prover: Prover,
    stage: Stage,
    /// Recipients that may have it already, and the entries that say so.
    settled: Vec<RecipientHash>,
    entries: Vec<Ticket>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The ledger is to be asked as soon as the envelope is settled.
    Due,
    Asked,
    /// The message goes out: to everybody, or to the rest.
    GoesOut,
    /// Everybody has it: nothing goes out.
    Repeated,
    /// Whole, and asked once more: before the gate, or for the answer.
    Proving(Then),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Gate,
    Answer,
}

#[cfg(test)]
impl Recall {
    /// All that tells one from another.
    pub fn state(&self) -> impl std::fmt::Debug {
        let Recall { fingerprint, prover, stage, settled, entries } = self;
        (fingerprint, prover.proof(), stage, settled, entries)
    }
}

impl Transit {
    /// The headers are whole: what the message is known by. Without a ledger, or too little to tell it by, nothing.
    pub(super) fn remember(&mut self, tenant: &Tenant, headers: &HeaderBlock, passed: Option<&[u8]>) {
        if self.context.ledger.is_none() {
            return;
        }
        let keys = tenant.hash_keys();
        let Some(fingerprint) = Fingerprint::of(keys, &self.envelope.mail.path, headers, passed) else { return };
        let mut prover = Prover::new(keys, headers);
        self.content.held_behind(headers.octets()).for_each(|octets| prover.body(octets));
        let (settled, entries) = (Vec::new(), Vec::new());
        let recall = Recall { fingerprint, prover, stage: Stage::Due, settled, entries };
        self.recall = Some(Box::new(recall));
    }

    /// The message waits for the ledger, or goes nowhere at all.
    pub(super) fn is_held_by_ledger(&self) -> bool {
        let stage = self.recall.as_ref().map(|recall| recall.stage);
        matches!(stage, Some(Stage::Asked | Stage::Repeated | Stage::Proving(_)))
    }

    /// Every recipient has the message: its content is read for the proof alone.
    pub(super) fn is_repeated(&self) -> bool {
        self.recall.as_ref().is_some_and(|recall| recall.stage == Stage::Repeated)
    }

    /// Asks the ledger, if that is due. True when the answer is awaited.
    pub(super) fn asks_ledger(&mut self) -> bool {
        let settled = self.envelope_is_settled();
        match &mut self.recall {
            Some(recall) if recall.stage == Stage::Due && settled => recall.stage = Stage::Asked,
            _ => return false,
        }
        self.ask_ledger();
        true
    }

    fn ask_ledger(&mut self) {
        if let Some(recall) = &self.recall {
            let fingerprint = recall.fingerprint;
            self.push(Output::Recall(fingerprint));
        }
    }

    /// The message is whole and could be committed. Asked once more, because entries come and go, and because another
    /// try of the same message may have overtaken this one. False without a ledger.
    pub(super) fn prove_before_the_gate(&mut self) -> bool {
        self.prove(Then::Gate)
    }

    /// Everybody has it: is it the same message?
    pub(super) fn prove_for_the_answer(&mut self) {
        if self.is_repeated() {
            self.prove(Then::Answer);
        }
    }

    fn prove(&mut self, then: Then) -> bool {
        let Some(recall) = &mut self.recall else { return false };
        recall.stage = Stage::Proving(then);
        self.ask_ledger();
        true
    }

    /// The ledger's answer.
    pub(super) fn recalled(&mut self, known: &[Known]) {
        match self.recall.as_ref().map(|recall| recall.stage) {
            Some(Stage::Asked) => self.find_settled(known),
            Some(Stage::Proving(then)) => self.judge(known, then),
            _ => {}
        }
    }

    /// Who has it already, if it is the same message.
    fn find_settled(&mut self, known: &[Known]) {
        let (Some(tenant), Some(recall)) = (&self.tenant, &mut self.recall) else { return };
        recall.stage = Stage::GoesOut;
        if known.is_empty() {
            return;
        }
        for recipient in self.envelope.recipients.iter_mut().filter(|recipient| recipient.is_taken()) {
            let hash = recipient_hash(tenant.hash_keys(), &recipient.rcpt.path);
            if known.iter().any(|entry| entry.has(hash)) {
                recipient.settled = true;
                recall.settled.push(hash);
            }
        }
        if recall.settled.is_empty() {
            return;
        }
        recall.entries =
            known.iter().filter(|entry| entry.has_any(&recall.settled)).map(|entry| entry.ticket).collect();
        if self.envelope.accepted_unsettled() == 0 {
            recall.stage = Stage::Repeated;
            self.drop_leg(FIRST);
            self.discard();
            if self.content.ended {
                self.prove_for_the_answer();
            }
        } else {
            self.begin_envelope_anew();
        }
    }

    fn judge(&mut self, known: &[Known], then: Then) {
        let rest: Vec<RecipientHash> = self.legs.numbers().flat_map(|leg| self.rest(leg)).collect();
        let Some(recall) = &mut self.recall else { return };
        recall.stage = Stage::GoesOut;
        let proof = recall.prover.proof();
        let same: Vec<&Known> = known.iter().filter(|entry| entry.proof == proof).collect();
        let missing = recall.settled.iter().any(|hash| !same.iter().any(|entry| entry.has(*hash)));
        let awaited =
            recall.settled.iter().any(|hash| !same.iter().any(|entry| entry.taken.is_some() && entry.has(*hash)));
        if missing {
            // Another message of that name; what is still under way at the next hop keeps its entry.
            let other = known.iter().filter(|entry| entry.proof != proof && entry.taken.is_some());
            let other = other.filter(|entry| recall.entries.contains(&entry.ticket)).map(|entry| entry.ticket);
            let other: Vec<Ticket> = other.collect();
            if !other.is_empty() {
                self.push(Output::Note(Note::Disproved(other)));
            }
            return self.fail(Reply::try_later());
        }
        // Awaited by another try, or taken from it since this one was told who has nothing.
        if awaited || same.iter().any(|entry| entry.has_any(&rest)) {
            return self.fail(Reply::under_way());
        }
        let last = same.iter().filter_map(|entry| entry.taken).next_back();
        // Of an entry that is of others too the sender learns only a part: it stays for those.
        let settled = |recipients: &[RecipientHash]| recipients.iter().all(|hash| recall.settled.contains(hash));
        let learnt = same.iter().filter(|entry| entry.taken.is_some() && settled(&entry.recipients));
        recall.entries = learnt.map(|entry| entry.ticket).collect();
        match (then, last) {
            (Then::Gate, _) => {
                self.note_handed_over();
                self.gate();
            }
            (Then::Answer, Some(taken)) => self.end_by_ledger(taken),
            (Then::Answer, None) => self.fail(Reply::try_later()),
        }
    }

    /// Those for whom the message goes out on a leg.
    fn rest(&self, leg: usize) -> Vec<RecipientHash> {
        let Some(tenant) = &self.tenant else { return Vec::new() };
        let rest = self.envelope.taken().filter(|recipient| !recipient.settled && recipient.leg == leg);
        rest.map(|recipient| recipient_hash(tenant.hash_keys(), &recipient.rcpt.path)).collect()
    }

    fn end_by_ledger(&mut self, taken: Taken) {
        self.verdict.get_or_insert(Verdict::from_ledger(taken));
        let entries = self.recall.as_mut().map(|recall| std::mem::take(&mut recall.entries)).unwrap_or_default();
        self.push(Output::Note(Note::Repeated(entries)));
    }

    /// The last octet goes out when the gate opens, or on a further leg when the first has its success: for whom, and what
    /// message it is. Noted of all at once, so that no other try of it takes up what this one has not come to.
    fn note_handed_over(&mut self) {
        let (Some(tenant), Some(recall)) = (&self.tenant, &self.recall) else { return };
        let (id, fingerprint, proof) = (tenant.id().clone(), recall.fingerprint, recall.prover.proof());
        for number in self.legs.numbers() {
            let parcel = Parcel::new(id.clone(), fingerprint, proof, self.rest(number));
            if let Some(leg) = self.legs.get_mut(number) {
                leg.handed_over = true;
                self.push(Output::Note(Note::HandedOver(number, parcel)));
            }
        }
    }

    /// What came of it on a leg; `None` when that cannot be known any more. Noted once.
    pub(super) fn note_answer(&mut self, leg: usize, reply: Option<&Reply>) {
        let handed_over = self.legs.get_mut(leg).is_some_and(|leg| std::mem::take(&mut leg.handed_over));
        if handed_over {
            self.push(Output::Note(Note::of(leg, reply)));
        }
    }

    /// The message had its last octet, on some leg at least, and now has its verdict. `is_final`: the sender does not come
    /// again, so that it is enough to know that it has our answer.
    pub(super) fn note_verdict(&mut self, is_final: bool) {
        if self.recall.is_some() && self.legs.took_something() {
            self.push(Output::Note(if is_final { Note::Told } else { Note::Untold }));
        }
        if is_final {
            self.note_repeated();
        }
    }

    pub(super) fn verdict_late(&mut self, leg: usize, now: Now) {
        if self.legs.open(leg).is_some() {
            self.push(Output::NextHopFailed(ClientError::Timeout));
        }
        self.drop_leg(leg);
        self.answered_whole(leg, Reply::next_hop_lost(), now);
    }

    fn note_repeated(&mut self) {
        let entries = self.recall.as_mut().map(|recall| std::mem::take(&mut recall.entries)).unwrap_or_default();
        if !entries.is_empty() {
            self.push(Output::Note(Note::Repeated(entries)));
        }
    }

    pub(super) fn prove_body(&mut self, octets: &[u8]) {
        if let Some(recall) = &mut self.recall {
            recall.prover.body(octets);
        }
    }
}
