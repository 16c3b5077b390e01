//! What the receiver saw and took: the oracle of every test. A message is in [`Record::accepted`] exactly when the
//! receiver's own 2xx to the end of data was written or, where a rule asked for it, swallowed after acceptance.
//! Everything else that came is in the conversations, command by command.

use std::time::Instant;

use bytes::Bytes;

use crate::tls::TlsFacts;
use crate::wire::Parameter;

/// Everything up to now.
#[derive(Debug, Clone, Default)]
pub struct Record {
    pub accepted: Vec<Accepted>,
    /// In the order the connections came; `conversations[n - 1]` is session n.
    pub conversations: Vec<Conversation>,
}

/// One session.
#[derive(Debug, Clone, Default)]
pub struct Conversation {
    /// From 1.
    pub session: usize,
    /// Command lines as they came, those of the content's framing included.
    pub commands: Vec<String>,
    /// Codes answered, in order.
    pub answers: Vec<u16>,
    /// Octets of content taken, over all messages.
    pub content_octets: u64,
    pub tls: Option<TlsFacts>,
    /// `None` while it lives, then why it ended in a few words.
    pub ended: Option<String>,
}

/// One message taken.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub session: usize,
    /// When it was taken, before the answer went out.
    pub at: Instant,
    /// The tenant the message was attributed to; `None` where the receiver does not ask.
    pub tenant: Option<String>,
    pub tls: Option<TlsFacts>,
    pub hello: String,
    /// Empty for the null path.
    pub sender: String,
    pub sender_parameters: Vec<Parameter>,
    pub recipients: Vec<AcceptedRecipient>,
    pub framed: Framed,
    /// Unstuffed, exactly the message's octets.
    pub content: Bytes,
    /// What was answered.
    pub reply: String,
}

/// One recipient with its own parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedRecipient {
    pub address: String,
    pub parameters: Vec<Parameter>,
}

/// How the content came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framed {
    Data,
    /// Octets of each BDAT, the one with LAST at the end.
    Chunks(Vec<u64>),
}

impl Accepted {
    /// The value of a MAIL parameter; `Some("")` for one without a value.
    pub fn parameter(&self, keyword: &str) -> Option<&str> {
        let parameter = self.sender_parameters.iter().find(|known| known.keyword.eq_ignore_ascii_case(keyword))?;
        Some(parameter.value.as_deref().unwrap_or_default())
    }

    /// The addresses of the recipients.
    pub fn addresses(&self) -> Vec<&str> {
        self.recipients.iter().map(|recipient| recipient.address.as_str()).collect()
    }

    /// Values of all header fields of this name, unfolded, top first.
    pub fn headers(&self, name: &str) -> Vec<String> {
        header_values(&self.content, name)
    }

    /// The first header field of this name.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers(name).into_iter().next()
    }

    /// What follows the empty line.
    pub fn body(&self) -> &[u8] {
        split_head(&self.content).1
    }

    /// The whole content, lossy, for `contains` and messages of failed tests.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.content).into_owned()
    }
}

/// Header block (with its last CRLF) and body of a message.
pub(crate) fn split_head(content: &[u8]) -> (&[u8], &[u8]) {
    if let Some(body) = content.strip_prefix(b"\r\n") {
        return (&[], body);
    }
    match memchr::memmem::find(content, b"\r\n\r\n") {
        Some(at) => (content.get(..at + 2).unwrap_or_default(), content.get(at + 4..).unwrap_or_default()),
        None => (content, &[]),
    }
}

/// The header fields of a message, each with its folded lines and last CRLF.
pub(crate) fn fields(content: &[u8]) -> Vec<String> {
    let head = String::from_utf8_lossy(split_head(content).0).into_owned();
    let mut fields: Vec<String> = Vec::new();
    for line in head.split_inclusive("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => field.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

/// Whether a field of [`fields`] has this name.
pub(crate) fn is_named(field: &str, name: &str) -> bool {
    field.split_once(':').is_some_and(|(known, _)| known.trim_end().eq_ignore_ascii_case(name))
}

/// Values of all fields of this name, unfolded and trimmed.
pub(crate) fn header_values(content: &[u8], name: &str) -> Vec<String> {
    let value = |field: &String| {
        let (_, value) = field.split_once(':')?;
        Some(value.replace("\r\n", "").trim().to_owned())
    };
    fields(content).iter().filter(|field| is_named(field, name)).filter_map(value).collect()
}
