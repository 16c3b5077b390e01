//! Why a message was left as it came. A flat list with bounded values, since each is a metric label.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident => $word:literal,)*) => {
        /// Why a message was relayed without a signature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, for tables of metrics and documentation.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// The word used in metrics, decision records and the outcome line.
            pub fn word(self) -> &'static str {
                match self { $(Reason::$name => $word,)* }
            }
        }
    };
}

reasons! {
    // What the message is.
    /// multipart/signed, S/MIME or PGP: a changed byte would break it.
    Signed => "signed",
    /// S/MIME or PGP encrypted.
    Encrypted => "encrypted",
    /// Rights management (rpmsg).
    RightsManaged => "rights_managed",
    /// Delivery report, read receipt, feedback or journal report.
    Report => "report",
    /// The message as a whole is message/*.
    EmbeddedMessage => "embedded_message",
    /// A calendar part stands beside the body.
    Calendar => "calendar",
    /// TNEF that is no mail, or that is not as senders write it.
    Tnef => "tnef",
    /// Auto-Submitted says a machine wrote it.
    AutoSubmitted => "auto_submitted",
    /// No text leaf that could carry a signature.
    NoTextBody => "no_text_body",
    /// A valid stamp of ours: the message has been here before.
    AlreadyStamped => "already_stamped",
    /// The newest text carries the signature already.
    AlreadySigned => "already_signed",
    // What could not be trusted.
    /// The first line is no header field, or the block has no end.
    MalformedHeader => "malformed_header",
    /// Content-Type or Content-Transfer-Encoding stands twice in one header.
    DuplicateHeader => "duplicate_header",
    /// The MIME structure is broken or ambiguous where it matters.
    MalformedMime => "malformed_mime",
    /// Unknown or composite Content-Transfer-Encoding, or octets it does not allow.
    BadEncoding => "bad_encoding",
    /// Unknown charset, or octets that are not of it.
    BadCharset => "bad_charset",
    /// The text leaves no place in which a signature would stand safely.
    NoSafePlace => "no_safe_place",
    /// The edited text, decoded again, was not the old text and the pieces.
    CheckFailed => "check_failed",
    // What was too much.
    /// Header block or line over the limit.
    HeaderTooLarge => "header_too_large",
    /// The body group did not fit the hold.
    HoldTooLarge => "hold_too_large",
    /// Too many parts or levels.
    TooManyParts => "too_many_parts",
    /// No memory for the hold within the budget.
    NoMemory => "no_memory",
    /// Our own work took longer than the deadline.
    Deadline => "deadline",
    /// With the signature the message would pass the next hop's SIZE.
    SizeLimit => "size_limit",
    /// A fault of our own, caught; the original went on.
    Fault => "fault",
    /// The process died on it before: it went on without being looked into.
    Poison => "poison",
    // What the tenant's settings say.
    /// Nobody of the tenant is the author.
    UnknownSender => "unknown_sender",
    /// Microsoft 365 does not say that the author was authenticated.
    NotInternal => "not_internal",
    /// The From address is not one of the sender's.
    ForeignFrom => "foreign_from",
    /// No signature applies.
    NoSignature => "no_signature",
    /// What would be drawn for this sender is larger than a signature may be.
    SignatureTooLarge => "signature_too_large",
    /// Its recipients would need different copies, and the message has nothing by which a retry of it is known again; or more
    /// copies than are made of one message.
    RecipientsDiffer => "recipients_differ",
    /// The snapshot of the tenant was not at hand in time.
    NoSnapshot => "no_snapshot",
    /// The tenant is in observe mode.
    Observe => "observe",
    /// The tenant is in pilot mode and this sender takes no part.
    NotInPilot => "not_in_pilot",
    /// The tenant is in bypass mode.
    Bypass => "bypass",
    /// The operator has bypassed the whole region.
    RegionBypass => "region_bypass",
}
