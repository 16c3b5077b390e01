//! Whether a signature stands in a message already: in the newest text, where a second one is too many, or in the text
//! it quotes, for those that come once in a thread.
//!
//! Known by the word of its element ([`mark`](super::mark)) or by its wording, which plain text keeps too. Asked only
//! when its turn comes.

use std::sync::Arc;

use super::applies::Once;
use super::mark::{is_of_sender, is_of_signature};
use super::people::Person;
use super::snapshot::Snapshot;
use super::{Candidates, Signature};
use crate::imprint::{BodyFacts, Seen, Wording};

/// What is known so far about one message.
#[derive(Debug)]
pub(super) struct Standing<'a> {
    snapshot: &'a Snapshot,
    person: &'a Arc<Person>,
    body: &'a BodyFacts,
    mark: String,
}

impl<'a> Standing<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, candidates: &'a Candidates, body: &'a BodyFacts) -> Standing<'a> {
        let person = candidates.author();
        Standing { snapshot, person, body, mark: snapshot.mark_of_sender(person) }
    }

    /// Whether the newest text carries a signature of the sender, or this one by its wording.
    pub(super) fn in_newest(&self, signature: &Arc<Signature>) -> bool {
        self.body.signature_words.iter().any(|word| is_of_sender(word, &self.mark))
            || self
                .body
                .seen
                .as_ref()
                .is_some_and(|seen| seen.newest_may_have_some() && seen.newest_has(&self.wording(signature)))
    }

    /// Whether the quoted text carries it, for one that comes once. `named`: the quoted text names the recipient.
    pub(super) fn in_thread(&self, signature: &Arc<Signature>, once: Once, named: bool) -> bool {
        let Some(seen) = &self.body.seen else { return false };
        match once {
            Once::Thread => self.is_quoted(seen, signature, |_| true),
            Once::Sender => self.is_quoted(seen, signature, |word| is_of_sender(word, &self.mark)),
            Once::Recipient => named && self.is_quoted(seen, signature, |word| is_of_sender(word, &self.mark)),
        }
    }

    fn is_quoted(&self, seen: &Seen, signature: &Arc<Signature>, counts: impl Fn(&str) -> bool) -> bool {
        let mark = self.snapshot.mark_of_signature(signature);
        let mut words = seen.quoted_words().filter(|word| is_of_signature(word, &mark)).peekable();
        // Words say whose it is; a wording may be everybody's.
        if words.peek().is_some() { words.any(counts) } else { seen.quoted_has(&self.wording(signature)) }
    }

    fn wording(&self, signature: &Arc<Signature>) -> Arc<Wording> {
        self.snapshot.wording(self.person, signature)
    }
}
