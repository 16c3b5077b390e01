//! Checks of signatures and their conditions.
//!
//! A condition that names nobody that exists, or an empty text that would match everything, is a mistake: it would
//! switch a signature off, or on for all, without a word.

use std::collections::HashSet;

use super::{Check, TEXT_CHARS};
use crate::tenant::applies::{Applies, MessageIs, Recipients, Senders};
use crate::tenant::schedule::Calendar;
use crate::tenant::{Domain, FactTest, FolderEntry, TenantFile, Trial, expression};

impl<'a> Check<'a> {
    pub(super) fn signatures(&mut self, file: &'a TenantFile) {
        self.ids("/folders", file.folders.iter().map(|folder| folder.id.as_str()));
        self.ids("/signatures", file.signatures.iter().map(|signature| signature.id.as_str()));
        let folders: HashSet<&str> = file.folders.iter().map(|folder: &FolderEntry| folder.id.as_str()).collect();
        for (at, signature) in file.signatures.iter().enumerate() {
            if let Some(folder) = signature.folder.as_ref().filter(|folder| !folders.contains(folder.as_str())) {
                self.say(format!("/signatures/{at}/folder"), format!("there is no folder `{folder}`"));
            }
            if let Some(trial) = &signature.trial {
                self.trial(&format!("/signatures/{at}/trial"), trial);
            }
            self.applies(&format!("/signatures/{at}/applies"), &signature.applies);
            self.design(&format!("/signatures/{at}/design"), &signature.design);
            if signature.remove_keyword && signature.applies.message.subject_contains.is_empty() {
                let message = "there is no keyword to remove: `subject_contains` names none";
                self.say(format!("/signatures/{at}/remove_keyword"), message);
            }
        }
        self.few_groups("/signatures");
        if self.expressions > expression::MOST {
            let message = format!("{} regular expressions; at most {} are allowed", self.expressions, expression::MOST);
            self.say("/signatures".into(), message);
        }
    }

    fn trial(&mut self, place: &str, trial: &Trial) {
        let Trial { people, groups, marker } = trial;
        self.takes_part(place, people, groups, marker);
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
        self.names(place, &senders.people, &senders.groups);
        self.domain_patterns(&format!("{place}/domains"), &senders.domains);
        self.address_patterns(&format!("{place}/addresses"), &senders.addresses);
        for (at, test) in senders.attributes.iter().enumerate() {
            self.fact_test(&format!("{place}/attributes/{at}"), test);
        }
    }

    pub(super) fn fact_test(&mut self, place: &str, test: &FactTest) {
        let place = format!("{place}/value");
        if test.value().is_some_and(|value| value.trim().is_empty() || value.chars().count() > TEXT_CHARS) {
            let message =
                format!("is empty or longer than {TEXT_CHARS} characters; `\"is\": \"empty\"` asks for nothing");
            self.say(place, message);
        } else if let FactTest::Matches { value, .. } = test {
            self.expressions += 1;
            if let Err(message) = value.check() {
                self.say(place, message);
            }
        }
    }

    fn recipients(&mut self, place: &str, recipients: &Recipients) {
        let listed = recipients.listed();
        self.address_patterns(&format!("{place}/addresses"), &listed.addresses);
        self.domain_patterns(&format!("{place}/domains"), &listed.domains);
        self.names(place, &listed.people, &listed.groups);
    }

    fn message(&mut self, place: &str, message: &MessageIs) {
        self.texts(&format!("{place}/subject_contains"), &message.subject_contains);
        self.texts(&format!("{place}/sensitivity_labels"), &message.sensitivity_labels);
        let (larger, smaller) = (message.larger_than_bytes, message.smaller_than_bytes);
        if smaller == Some(0)
            || larger.zip(smaller).is_some_and(|(larger, smaller)| larger.saturating_add(1) >= smaller)
        {
            self.say(format!("{place}/smaller_than_bytes"), "never holds: no size is left");
        }
    }

    /// What no domain can be like is a mistake: as an exception it would let through whom it should keep out.
    fn domain_patterns(&mut self, place: &str, patterns: &[String]) {
        self.texts(place, patterns);
        // A part of a label has no form of its own by which to judge it.
        let in_part = |c: char| matches!(c, '-' | '_' | '*') || c.is_ascii_alphanumeric() || !c.is_ascii();
        let fits = |label: &str| match label.contains('*') {
            true => label.chars().all(|c| in_part(c) && !c.is_whitespace() && !c.is_control()),
            false => Domain::parse(label).is_some(),
        };
        for (at, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| !pattern.split('.').all(fits)) {
            let message = format!("`{pattern}` is like no domain: letters, digits, `-`, `.` and `*` stand in one");
            self.say(format!("{place}/{at}"), message);
        }
    }

    fn address_patterns(&mut self, place: &str, patterns: &[String]) {
        self.texts(place, patterns);
        let fits = |pattern: &String| pattern.contains(['@', '*']) && !pattern.contains(char::is_whitespace);
        for (at, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| !fits(pattern)) {
            let message =
                format!("`{pattern}` is like no address: one has an `@` and no blanks; `*` stands for any text");
            self.say(format!("{place}/{at}"), message);
        }
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
