//! One message as the sender is to hand it over: envelope, content, framing, and where to break off.
//!
//! Parameters are written in Exchange's order and only where the server offers what they need. Nothing is checked: a
//! wrong SIZE or a smuggled end of data is what a test may want to send.

use std::time::Duration;

use bytes::Bytes;

/// A message and how to send it.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Empty for the null path.
    pub sender: String,
    pub recipients: Vec<Recipient>,
    /// Unstuffed octets.
    pub content: Bytes,
    pub framing: Framing,
    /// `BODY=`, sent where the server offers what it needs.
    pub body: Option<&'static str>,
    /// What SIZE says; `None`: the true octets.
    pub claimed_octets: Option<u64>,
    /// `XOORG=`, sent where offered.
    pub organization: Option<String>,
    /// `RET=`, sent where DSN is offered.
    pub ret: Option<String>,
    /// `ENVID=`, sent where DSN is offered.
    pub envelope_id: Option<String>,
    pub smtputf8: bool,
    pub cut: Option<Cut>,
    /// Content is written in pieces of so many octets with so long a pause after each.
    pub pace: Option<(usize, Duration)>,
    /// The last octet is a write of its own and its time is noted: nothing can have been committed before.
    pub last_octet_apart: bool,
}

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub address: String,
    /// `NOTIFY=`, sent where DSN is offered.
    pub notify: Option<String>,
    /// `ORCPT=`, sent where DSN is offered.
    pub original: Option<String>,
}

/// How the content goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// DATA, stuffed.
    Data,
    /// DATA with the octets exactly as given, no dots doubled and no end added: for smuggling.
    Verbatim,
    /// BDAT in chunks of so many octets, the last one with LAST.
    Chunks(usize),
    /// As [`Framing::Chunks`], with `BDAT 0 LAST` at the end.
    ChunksThenEmpty(usize),
}

/// Where the sender breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// FIN without close_notify once so many octets of content (as on the wire) are written.
    After(u64),
    /// RST at the same point.
    ResetAfter(u64),
    /// FIN before the last octet that would end the message.
    BeforeEnd,
    /// FIN right behind the last octet; the reply is not read.
    AfterEnd,
}

impl Outgoing {
    /// By BDAT in one chunk, as most mail of Exchange Online comes.
    pub fn new(sender: &str, recipients: &[&str], content: impl Into<Bytes>) -> Outgoing {
        Outgoing {
            sender: sender.to_owned(),
            recipients: recipients.iter().map(|address| Recipient::new(address)).collect(),
            content: content.into(),
            framing: Framing::Chunks(usize::MAX),
            body: Some("8BITMIME"),
            claimed_octets: None,
            organization: None,
            ret: None,
            envelope_id: None,
            smtputf8: false,
            cut: None,
            pace: None,
            last_octet_apart: false,
        }
    }

    pub fn framing(mut self, framing: Framing) -> Outgoing {
        self.framing = framing;
        self
    }

    pub fn body(mut self, body: &'static str) -> Outgoing {
        self.body = Some(body);
        self
    }

    pub fn organization(mut self, domain: &str) -> Outgoing {
        self.organization = Some(domain.to_owned());
        self
    }

    pub fn cut(mut self, cut: Cut) -> Outgoing {
        self.cut = Some(cut);
        self
    }

    /// Only these recipients, for the retry of some.
    pub(crate) fn only(&self, wanted: &[bool]) -> Outgoing {
        let mut some = self.clone();
        let mut wanted = wanted.iter();
        some.recipients.retain(|_| wanted.next().copied().unwrap_or_default());
        some
    }

    /// MAIL with the parameters in the order Exchange writes them, those alone that `offers` knows.
    pub(super) fn mail_command(&self, offers: impl Fn(&str) -> bool) -> String {
        let mut line = format!("MAIL FROM:<{}>", self.sender);
        let mut add = |wanted: bool, text: String| {
            if wanted {
                line.push(' ');
                line.push_str(&text);
            }
        };
        add(offers("SIZE"), format!("SIZE={}", self.claimed_octets.unwrap_or(self.content.len() as u64)));
        if let Some(id) = &self.envelope_id {
            add(offers("DSN"), format!("ENVID={id}"));
        }
        if let Some(ret) = &self.ret {
            add(offers("DSN"), format!("RET={ret}"));
        }
        if let Some(body) = self.body {
            let binary = body == "BINARYMIME";
            add(
                if binary { offers("BINARYMIME") && offers("CHUNKING") } else { offers("8BITMIME") },
                format!("BODY={body}"),
            );
        }
        if let Some(domain) = &self.organization {
            add(offers("XOORG"), format!("XOORG={domain}"));
        }
        add(self.smtputf8 && offers("SMTPUTF8"), "SMTPUTF8".to_owned());
        line + "\r\n"
    }
}

impl Recipient {
    pub fn new(address: &str) -> Recipient {
        Recipient { address: address.to_owned(), notify: None, original: None }
    }

    pub(super) fn command(&self, offers: impl Fn(&str) -> bool) -> String {
        let mut line = format!("RCPT TO:<{}>", self.address);
        for (keyword, value) in [("NOTIFY", &self.notify), ("ORCPT", &self.original)] {
            if let Some(value) = value.as_ref().filter(|_| offers("DSN")) {
                line.push_str(&format!(" {keyword}={value}"));
            }
        }
        line + "\r\n"
    }
}
