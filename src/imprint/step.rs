//! The questions the imprinter asks, the answers it takes and what it hands out.

use std::sync::Arc;

use bytes::Bytes;

use super::{HeaderBlock, Reason, Seen};

/// What [`Imprinter::poll`](super::Imprinter::poll) has to say.
#[derive(Debug, Clone)]
pub enum Step {
    /// Nothing to do before more of the message is fed, or its end.
    NeedInput,
    /// The header block is whole, or (`HeaderBlock::complete` is false) passed a limit or has no end. Answer with `add`,
    /// then `go_on` or `leave`; a block that is not whole is left either way.
    Headers(HeaderBlock),
    /// The body group is whole. Answer with `sign` or `leave`.
    Body(BodyFacts),
    /// Octets to hand on, in order.
    Output(Output),
    /// Everything was handed out. Asked again, it says so again.
    Done(Outcome),
}

/// Octets for the legs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// The same for every leg: a slice of the input or an inserted piece.
    All(Bytes),
    /// For one leg alone, by its place among the stamps given to `sign`.
    Leg(usize, Bytes),
}

/// What is added on top of every message, signed or left.
#[derive(Debug, Clone, Default)]
pub struct Additions {
    /// Whole header fields, each line ended by CRLF. A message with LF lines gets them with LF.
    pub prepend: Bytes,
    /// Indices of [`Field`](super::Field)s to take out: forged or foreign stamps.
    pub remove: Vec<usize>,
}

/// First message of a thread, answer or forward, as its text and headers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    First,
    Reply,
    Forward,
}

/// What the held body group shows, for the choice of the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyFacts {
    pub kind: Kind,
    /// An HTML leaf is there to be signed.
    pub html: bool,
    /// A plain text leaf is there to be signed.
    pub plain: bool,
    /// A body of RTF that was neither HTML nor plain text is there to be signed.
    pub rich: bool,
    /// The words `signet-<13 base32>` found in the newest text, any prefix (`x_`, `m_1-`) taken off.
    pub signature_words: Vec<String>,
    /// What the text says; `None` unless somebody asked ([`Imprinter::seen`](super::Imprinter::seen)).
    pub seen: Option<Arc<Seen>>,
}

/// How a message ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub fate: Fate,
    /// The leaves that were changed, for the first leg that has a stamp.
    pub parts: Vec<EditedPart>,
    pub octets_in: u64,
    /// To the first leg.
    pub octets_out: u64,
    /// The commit gate: the ranges handed out cover the input once and in order, save the replacements declared
    /// at the decision, for each leg. A message for which this is false must never be committed.
    pub covered: bool,
}

/// Signed, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Signed,
    Left(Reason),
}

/// One leaf that carries the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditedPart {
    /// As IMAP numbers parts (RFC 9051 section 6.4.5.1), for example `1.2`.
    pub path: String,
    pub content_type: String,
    /// Of the insertion in the message as it came, in octets.
    pub offset: u64,
    /// The reply marker above which the signature stands; `None` at the end of the text.
    pub marker: Option<&'static str>,
}
