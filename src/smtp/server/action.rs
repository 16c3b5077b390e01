//! What a server asks of its owner. *Told* actions need no answer; *asked* ones are answered by [`Server::answer`] in
//! the order they came.
//!
//! [`Server::answer`]: super::Server::answer

use bytes::Bytes;

use crate::smtp::{Mail, Rcpt};

/// One step, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Octets for the peer.
    Write(Bytes),
    /// After the 220 was written: do the handshake, then [`tls_established`](super::Server::tls_established).
    UpgradeTls,
    /// Told: the peer named itself, by EHLO (`extended`) or HELO.
    Hello {
        /// As it was given; the peer's word only.
        name: Bytes,
        /// EHLO.
        extended: bool,
    },
    /// Asked: a transaction begins with a success, else there is none. RCPTs may follow before the answer; after a refusal
    /// theirs are 503, whatever they are answered.
    Mail(Mail),
    /// Asked; several may be outstanding.
    Rcpt(Rcpt),
    /// Asked: [`Reply::go_ahead`](crate::smtp::Reply::go_ahead) opens; anything else refuses and ends the transaction.
    Data,
    /// Told: a BDAT of this transaction begins.
    Chunk {
        /// Its size.
        octets: u64,
        /// Whether the message ends with it.
        last: bool,
    },
    /// Told: content, dots taken out. A slice of the input, never a copy, never empty.
    Body(Bytes),
    /// Asked: a BDAT without LAST has arrived whole. A refusal ends the transaction.
    ChunkTaken,
    /// Asked: the message has arrived whole; the answer is the verdict and ends the transaction.
    EndOfMessage,
    /// Told: the transaction is dropped; what is unanswered needs no answer any more.
    Reset(Cause),
    /// Told: write what is queued, then close.
    Close,
}

/// Why a transaction was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// RSET.
    Reset,
    /// EHLO or HELO.
    Hello,
    /// QUIT.
    Quit,
    /// The peer is gone.
    Disconnect,
    /// The peer said nothing, or too little, for too long.
    Timeout,
    /// The session was ended by a 421 of the owner.
    Drain,
    /// DATA held a bare CR, LF or NUL; it was refused with 550 5.6.11.
    BareLineEnd,
    /// The content is larger than allowed; it was refused with 552 5.3.4.
    TooLarge,
    /// The peer broke the protocol and the session with it.
    Protocol,
}
