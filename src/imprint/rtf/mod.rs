//! Bodies in Rich Text Format (RTF specification 1.9.1), and HTML and plain text that travel inside it (MS-OXRTFEX).
//!
//! [`Document::read`] makes the text that such a body shows: the HTML that is wrapped in it, the plain text, or the lines
//! of native RTF. The search for the place is that of other bodies; [`Document::spot`] finds the octet for it, and
//! [`write`] makes what is put in there. Octets that came are never written anew.
//!
//! Work is linear in the octets; groups nest no deeper than [`DEPTH`].

pub mod code_page;
mod document;
mod read;
mod token;
mod write;

pub use document::{Document, Spot};
pub use read::{Origin, TableEnds};
pub use write::{Tables, lines, wrapped};

/// Groups within groups. What goes deeper is no mail.
pub const DEPTH: usize = 512;

/// Why a body is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RtfError {
    #[error("it does not begin as RTF does")]
    NoHeader,
    #[error("its groups nest too deeply")]
    TooDeep,
    #[error("its groups are not balanced")]
    Unbalanced,
    #[error("it is plain text, and HTML stands in it")]
    Mixed,
}

#[cfg(test)]
mod tests;
