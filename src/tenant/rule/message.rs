//! Conditions on the message: what its headers show, then what its body shows.
//!
//! Headers are read when the first condition asks for them, and once.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::{Finding, HeadersHold, Hit, Miss};
use crate::imprint::{BodyFacts, HeaderBlock, Kind};
use crate::tenant::applies::{Format, Importance, MessageIs, MessageKind};

/// What the headers, and the announcement of the size, show.
#[derive(Debug)]
pub(in crate::tenant) struct HeaderFacts<'a> {
    block: &'a HeaderBlock,
    octets: Option<u64>,
    subject: OnceCell<String>,
    has_attachment: OnceCell<bool>,
    importance: OnceCell<Importance>,
    labels: OnceCell<Vec<String>>,
}

/// A compiled [`MessageIs`].
#[derive(Debug)]
pub(super) struct MessageTest {
    headers: Option<HeaderTest>,
    body: Option<BodyTest>,
}

#[derive(Debug)]
pub(super) struct HeaderTest {
    /// In lower case, as are labels.
    subject_contains: Vec<String>,
    has_attachment: Option<bool>,
    importance: Vec<Importance>,
    larger_than: Option<u64>,
    smaller_than: Option<u64>,
    labels: Vec<String>,
}

#[derive(Debug)]
pub(super) struct BodyTest {
    kinds: Vec<MessageKind>,
    formats: Vec<Format>,
}

impl<'a> HeaderFacts<'a> {
    pub(in crate::tenant) fn new(block: &'a HeaderBlock, octets: Option<u64>) -> HeaderFacts<'a> {
        HeaderFacts {
            block,
            octets,
            subject: OnceCell::new(),
            has_attachment: OnceCell::new(),
            importance: OnceCell::new(),
            labels: OnceCell::new(),
        }
    }

    /// The Subject, decoded, in lower case.
    pub(in crate::tenant) fn subject(&self) -> &str {
        self.subject.get_or_init(|| self.block.text("Subject").unwrap_or_default().to_lowercase())
    }

    fn has_attachment(&self) -> bool {
        *self.has_attachment.get_or_init(|| match self.word("X-MS-Has-Attach") {
            Some(word) => word == "yes",
            None => self.media_type() == "multipart/mixed",
        })
    }

    /// As Outlook writes it, then as others do (RFC 2156 section 5.3.6 has the names).
    fn importance(&self) -> Importance {
        *self.importance.get_or_init(|| {
            let importance = match self.word("Importance").as_deref() {
                Some("high") => Some(Importance::High),
                Some("normal") => Some(Importance::Normal),
                Some("low") => Some(Importance::Low),
                _ => None,
            };
            // `1 (Highest)` to `5 (Lowest)`.
            let priority = || match self.word("X-Priority")?.chars().next()? {
                '1' | '2' => Some(Importance::High),
                '4' | '5' => Some(Importance::Low),
                _ => Some(Importance::Normal),
            };
            importance.or_else(priority).unwrap_or(Importance::Normal)
        })
    }

    /// Ids and names of the labels that are set, in lower case. The field is a list of
    /// `MSIP_Label_<guid>_<property>=<value>`.
    fn labels(&self) -> &[String] {
        self.labels.get_or_init(|| {
            let text = self.block.text("msip_labels").unwrap_or_default().to_lowercase();
            let properties = || {
                text.split(';').filter_map(|item| {
                    let (key, value) = item.trim().split_once('=')?;
                    let (id, property) = key.trim().strip_prefix("msip_label_")?.split_once('_')?;
                    Some((id, property, value.trim()))
                })
            };
            let unset = properties().filter(|(_, property, value)| (*property, *value) == ("enabled", "false"));
            let unset: HashSet<&str> = unset.map(|(id, ..)| id).collect();
            let told = properties().filter(|(_, property, _)| matches!(*property, "enabled" | "name"));
            told.filter(|(id, ..)| !unset.contains(id))
                .map(|(id, property, value)| if property == "name" { value } else { id }.to_owned())
                .collect()
        })
    }

    /// The first field of this name, in lower case.
    fn word(&self, name: &str) -> Option<String> {
        self.block.unfolded(name).map(|value| value.trim().to_lowercase())
    }

    fn media_type(&self) -> String {
        let value = self.word("Content-Type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_owned()
    }
}

impl MessageTest {
    pub(super) fn compile(message: &MessageIs) -> MessageTest {
        let lower = |texts: &[String]| texts.iter().map(|text| text.trim().to_lowercase()).collect();
        let headers = HeaderTest {
            subject_contains: message.subject_contains.iter().map(|text| text.to_lowercase()).collect(),
            has_attachment: message.has_attachment,
            importance: message.importance.clone(),
            larger_than: message.larger_than_bytes,
            smaller_than: message.smaller_than_bytes,
            labels: lower(&message.sensitivity_labels),
        };
        let body = BodyTest { kinds: message.kinds.clone(), formats: message.formats.clone() };
        let body_only = MessageIs { kinds: body.kinds.clone(), formats: body.formats.clone(), ..MessageIs::default() };
        MessageTest {
            headers: (*message != body_only).then_some(headers),
            body: (!body.kinds.is_empty() || !body.formats.is_empty()).then_some(body),
        }
    }

    pub(super) fn headers(&self) -> Option<&HeaderTest> {
        self.headers.as_ref()
    }

    pub(super) fn body(&self) -> Option<&BodyTest> {
        self.body.as_ref()
    }

    /// As an exception: what the body adds to what the headers said.
    pub(super) fn ask_body(&self, headers: HeadersHold, body: &BodyFacts) -> Finding<'_> {
        match &self.body {
            _ if !headers.except => Err(Miss::ExceptionOfHeaders),
            Some(test) => test.ask(body),
            None => Ok(Hit::Message),
        }
    }
}

impl HeaderTest {
    pub(super) fn ask(&self, facts: &HeaderFacts<'_>) -> Finding<'_> {
        let subject = |texts: &[String]| texts.iter().any(|text| facts.subject().contains(text.as_str()));
        if !self.subject_contains.is_empty() && !subject(&self.subject_contains) {
            return Err(Miss::Subject);
        }
        if self.has_attachment.is_some_and(|wanted| wanted != facts.has_attachment()) {
            return Err(Miss::Attachment);
        }
        if !self.importance.is_empty() && !self.importance.contains(&facts.importance()) {
            return Err(Miss::Importance(facts.importance()));
        }
        if let Some(limit) = self.larger_than.filter(|limit| facts.octets.is_none_or(|octets| octets <= *limit)) {
            return Err(Miss::NotLarger(limit, facts.octets));
        }
        if let Some(limit) = self.smaller_than.filter(|limit| facts.octets.is_none_or(|octets| octets >= *limit)) {
            return Err(Miss::NotSmaller(limit, facts.octets));
        }
        let labelled = || self.labels.iter().any(|label| facts.labels().contains(label));
        if self.labels.is_empty() || labelled() { Ok(Hit::Headers) } else { Err(Miss::Label) }
    }
}

impl BodyTest {
    pub(super) fn ask(&self, body: &BodyFacts) -> Finding<'_> {
        let kind = match body.kind {
            Kind::First => MessageKind::First,
            Kind::Reply => MessageKind::Reply,
            Kind::Forward => MessageKind::Forward,
        };
        let format = match (body.rich, body.html) {
            (true, _) => Format::Rtf,
            (false, true) => Format::Html,
            (false, false) => Format::Plain,
        };
        if !self.kinds.is_empty() && !self.kinds.contains(&kind) {
            return Err(Miss::MessageKind(kind));
        }
        if !self.formats.is_empty() && !self.formats.contains(&format) {
            return Err(Miss::Format(format));
        }
        Ok(Hit::Message)
    }
}
