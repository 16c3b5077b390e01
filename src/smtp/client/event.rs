//! What a client tells its owner, and how a session can fail.

use crate::smtp::Reply;

/// What a reply answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// XFORWARD; its answer is never told.
    Forward,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA; its success is 354.
    Data,
    /// A BDAT without LAST.
    Chunk,
    /// The dot, or the BDAT with LAST: the verdict.
    EndOfMessage,
    /// RSET.
    Reset,
    /// QUIT.
    Quit,
}

/// One event, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Do the handshake, then [`tls_established`](super::Client::tls_established).
    UpgradeTls,
    /// Greeting, EHLO and TLS are done: commands may be given.
    Ready,
    /// The next hop answered.
    Reply(Asked, Reply),
    /// The verdict did not come in time. It is still listened for; the sender cannot wait for it.
    Late,
    /// The session is over; nothing more will come.
    Failed(ClientError),
}

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// The next hop greeted us with a refusal: it is busy, or does not want us.
    Greeting(Reply),
    /// EHLO was refused.
    Hello(Reply),
    /// STARTTLS is not offered: misconfigured, or taken out by somebody in between.
    NoStartTls,
    /// STARTTLS was refused.
    StartTls(Reply),
    /// Octets nobody asked for, or plaintext before the handshake: out of step, or injected.
    EarlyOctets,
    /// No SMTP, a reply beyond the limits, or one of a class that the command cannot have.
    Garbled,
    /// No answer in time.
    Timeout,
    /// The connection ended.
    Disconnected,
    /// The next hop says it closes (421), or refused a message before its end so that the session is out of step.
    Closing(Reply),
    /// The content that was to go out by DATA ended in a bare CR, or was refused before; it was not terminated.
    BareLineEnd,
}

/// Content with a CR, LF or NUL of its own, which cannot go out by DATA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BareLineEnd;
