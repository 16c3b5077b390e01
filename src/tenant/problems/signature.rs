//! Checks of signatures and their conditions.
//!
//! A condition that names nobody that exists, or an empty text that would match everything, is a mistake: it would
//! switch a signature off, or on for all, without a word.

use super::Check;
use crate::tenant::SignatureEntry;
use crate::tenant::applies::{Applies, AttributeTest, MessageIs, Recipients, Senders};
use crate::tenant::schedule::Calendar;

impl<'a> Check<'a> {
    pub(super) fn signatures(&mut self, signatures: &'a [SignatureEntry]) {
        self.ids("/signatures", signatures.iter().map(|signature| signature.id.as_str()));
        for (at, signature) in signatures.iter().enumerate() {
            self.applies(&format!("/signatures/{at}/applies"), &signature.applies);
            self.design(&format!("/signatures/{at}/design"), &signature.design);
        }
    }

    fn applies(&mut self, place: &str, applies: &Applies) {
        self.senders(&format!("{place}/senders"), &applies.senders);
        self.recipients(&format!("{place}/recipients"), &applies.recipients);
        self.message(&format!("{place}/message"), &applies.message);
        self.senders(&format!("{place}/except/senders"), &applies.except.senders);
        if let Some(recipients) = &applies.except.recipients {
            self.recipients(&format!("{place}/except/recipients"), recipients);
        }
        self.message(&format!("{place}/except/message"), &applies.except.message);
        if let Some(Err(wrong)) = applies.schedule.as_ref().map(Calendar::compile) {
            for (key, message) in wrong {
                self.say(format!("{place}/schedule/{key}"), message);
            }
        }
    }

    fn senders(&mut self, place: &str, senders: &Senders) {
        self.people_exist(&format!("{place}/people"), &senders.people);
        self.groups_exist(&format!("{place}/groups"), &senders.groups);
        self.texts(&format!("{place}/domains"), &senders.domains);
        self.texts(&format!("{place}/addresses"), &senders.addresses);
        for (at, test) in senders.attributes.iter().enumerate() {
            let value = match test {
                AttributeTest::Equals { value, .. }
                | AttributeTest::Contains { value, .. }
                | AttributeTest::StartsWith { value, .. } => value,
                AttributeTest::Empty { .. } | AttributeTest::NotEmpty { .. } => continue,
            };
            if value.trim().is_empty() {
                self.say(format!("{place}/attributes/{at}/value"), "is empty; `\"is\": \"empty\"` asks for that");
            }
        }
    }

    fn recipients(&mut self, place: &str, recipients: &Recipients) {
        let (_, addresses, domains) = recipients.parts();
        self.texts(&format!("{place}/addresses"), addresses);
        self.texts(&format!("{place}/domains"), domains);
    }

    fn message(&mut self, place: &str, message: &MessageIs) {
        self.texts(&format!("{place}/subject_contains"), &message.subject_contains);
    }

    /// An empty text would match everything or nothing; neither is what was meant.
    fn texts(&mut self, place: &str, texts: &[String]) {
        for (at, text) in texts.iter().enumerate() {
            if text.trim().is_empty() || text.len() > 320 {
                self.say(format!("{place}/{at}"), "is empty or longer than 320 octets");
            }
        }
    }
}
