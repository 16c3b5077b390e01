//! Where in a decoded text body the signature goes: above the quoted text, else at its end.
//!
//! [`html`] reads HTML with a tokenizer and a stack of open elements of its own, [`plain`] reads lines. Both hand their
//! lines to the same search (`quote`) for the words by which mail programs introduce quoted text, so that a language
//! is taught once (`words/*.txt`). [`html`] also knows the elements those programs leave (`marks`).
//!
//! Promised: offsets on character boundaries of the text given, work linear in its size, no recursion. Nothing is
//! changed here and nothing is kept.

#[cfg(test)]
mod golden;
pub mod html;
pub mod plain;
mod quote;
mod separators;
mod steps;
mod words;

use super::Kind;
pub use separators::Separators;
pub use words::WordFiles;

/// Where a signature above the quoted text goes. All offsets are bytes into the decoded UTF-8 text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where a piece for `Place::Reply` goes: before the quoted text, at the end where there is none.
    pub offset: usize,
    /// `client.word` of the marker that begins the quoted text; `None` when nothing is quoted.
    pub marker: Option<&'static str>,
    /// Answer or forward, where the marker tells.
    pub kind: Option<Kind>,
    /// Signature words (`signet-` and 13 characters of base32) in the newest text, any prefix (`x_`, `m_1-`) taken off.
    pub words: Vec<String>,
}

/// Where the whole text begins and ends, quoted text included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Where a piece for `Place::Top` goes: before the newest text.
    pub top: usize,
    /// Where a piece for `Place::Bottom` goes: after everything.
    pub bottom: usize,
}
