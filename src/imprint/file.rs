//! A whole message in memory through the [`Imprinter`], as `signet imprint` does it.
//!
//! Only the stamp is added on top, no Received. A message that carries a valid stamp comes back as it was.

use bytes::Bytes;
use serde::Serialize;

use super::stamp_field::{self, StampKey};
use super::{Additions, Fate, Imprinter, Limits, Outcome, Output, Reason, Stamp, Step};

/// The message, signed or as it came, in slices.
#[derive(Debug, Clone)]
pub struct Imprinted {
    pub slices: Vec<Bytes>,
    pub outcome: Outcome,
}

/// The key that serves only to see the second pass: everybody knows it.
pub fn public_key() -> StampKey {
    StampKey { id: "public".to_owned(), secret: *b"signet imprint: a key for anyone" }
}

/// Puts a stamp into a message. `unix_seconds` is the time in the stamp field, `salt` makes boundaries unique.
pub fn imprint(message: Bytes, stamp: &Stamp, key: &StampKey, unix_seconds: i64, salt: [u8; 16]) -> Imprinted {
    let mut imprinter = Imprinter::new(Limits::default(), salt);
    imprinter.feed(message);
    imprinter.end();
    let mut slices = Vec::new();
    loop {
        match imprinter.poll() {
            Step::Headers(headers) => {
                let stamps = stamp_field::check(std::slice::from_ref(key), unix_seconds, &headers);
                if stamps.valid.is_some() {
                    imprinter.leave(Reason::AlreadyStamped);
                    continue;
                }
                let prepend = stamp_field::make(key, "signet", unix_seconds, &headers).into();
                imprinter.add(Additions { prepend, remove: stamps.forged });
                imprinter.go_on();
            }
            Step::Body(_) => imprinter.sign(vec![Some(stamp.clone())]),
            Step::Output(Output::All(slice) | Output::Leg(_, slice)) => slices.push(slice),
            // Everything was fed: it asks for nothing more, and if it did this would be its end.
            Step::NeedInput => imprinter.leave(Reason::Fault),
            Step::Done(outcome) => return Imprinted { slices, outcome },
        }
    }
}

impl Outcome {
    /// The outcome in one line of JSON, without a line end.
    pub fn line(&self) -> String {
        let (outcome, reason) = match self.fate {
            Fate::Signed => ("signed", None),
            Fate::Left(Reason::AlreadyStamped) => ("already", None),
            Fate::Left(reason) => ("left", Some(reason.word())),
        };
        let parts = self
            .parts
            .iter()
            .map(|part| PartLine {
                path: &part.path,
                content_type: &part.content_type,
                offset: part.offset,
                marker: part.marker,
            })
            .collect();
        serde_json::to_string(&Line { outcome, reason, parts }).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    outcome: &'a str,
    reason: Option<&'a str>,
    parts: Vec<PartLine<'a>>,
}

#[derive(Serialize)]
struct PartLine<'a> {
    path: &'a str,
    #[serde(rename = "type")]
    content_type: &'a str,
    offset: u64,
    marker: Option<&'a str>,
}
