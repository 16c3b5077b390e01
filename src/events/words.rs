//! The words of events: short lists, since each is a value of a metric's label.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every word.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The word in logs, metrics and decision records.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }
    )*};
}

words! {
    /// Which of our two sides.
    Side {
        /// Towards the sender.
        Sender => "sender",
        /// Towards the next hop.
        NextHop => "next_hop",
    }

    /// Why a connection was refused before a greeting.
    Refused {
        /// All permits are taken.
        TooMany => "too_many",
        /// The tenant or network has its share already.
        Share => "share",
        /// This node leaves.
        Draining => "draining",
        /// No file descriptor was left.
        Descriptors => "descriptors",
        /// A configured balancer sent no good header of the PROXY protocol, or none in time.
        ProxyHeader => "proxy_header",
    }

    /// Where a message found its tenant's rules and people.
    SnapshotAnswer {
        /// In memory, without any wait or I/O.
        Memory => "memory",
        /// They were loaded in time.
        Loaded => "loaded",
        /// They could not be had in time: the message went on unsigned.
        Missing => "missing",
    }

    /// What of the tenants is copied to this machine's disk, sealed.
    CopyPart {
        /// The entries of all tenants.
        Index => "index",
        /// Rules and people of one.
        Tenant => "tenant",
    }

    /// Where a tenant's rules and people were loaded from.
    SnapshotSource {
        Store => "store",
        /// The sealed copy on this machine.
        Copy => "copy",
    }

    /// Why the configuration was read again.
    ReloadCause {
        /// SIGHUP.
        Signal => "signal",
        /// A file has changed.
        Files => "files",
    }

    /// What became of a configuration that was read again.
    Reload {
        /// It is in force for new sessions.
        Done => "done",
        /// Something is wrong with it; the one before stays.
        Refused => "refused",
    }

    /// Why nobody's message was refused.
    Unproven {
        /// The peer showed no certificate, or one that does not verify.
        Certificate => "certificate",
        /// The certificate is no tenant's.
        CertificateName => "certificate_name",
        /// The source address is no tenant's.
        Network => "network",
        /// X-MS-Exchange-CrossTenant-Id is missing or doubled.
        Header => "header",
        /// It names nobody we know.
        UnknownTenant => "unknown_tenant",
        /// X-OriginatorOrg belongs to another tenant.
        Organization => "organization",
        /// Our own index is too old to refuse for good.
        StaleIndex => "stale_index",
    }

    /// What became of a message.
    Outcome {
        Signed => "signed",
        Left => "left",
        /// Relayed with the stamp of an earlier pass.
        Already => "already",
        /// Everybody had it: answered from the ledger.
        Repeated => "repeated",
        /// Not relayed.
        Dropped => "dropped",
    }

    /// What the sender was told at the end of the message.
    Verdict {
        /// 2xx, the next hop's own, now or when it took the message.
        Accepted => "accepted",
        /// 4xx.
        Deferred => "deferred",
        /// 5xx.
        Refused => "refused",
        /// Nothing: the sender was gone.
        Lost => "lost",
    }

    /// What a next hop did wrong.
    NextHopFault {
        /// The resolver had no usable answer.
        Unresolved => "unresolved",
        /// An answer that may not be used: private, loopback or outside the suffixes.
        Address => "address",
        Unreachable => "unreachable",
        /// Greeting or EHLO refused.
        Greeting => "greeting",
        /// No STARTTLS, or a certificate that does not verify.
        Tls => "tls",
        /// Closed or reset in the middle.
        Lost => "lost",
        Timeout => "timeout",
        /// Replies that are none, or ahead of the command.
        Garbled => "garbled",
        /// No free session in time.
        Busy => "busy",
    }

    /// What an answer about us says.
    AboutUs {
        /// The greeting or EHLO refuses us.
        Greeting => "greeting",
        /// 5.7.64: the tenant's connector does not know our certificate.
        Attribution => "attribution",
        /// 5.7.606 to 5.7.649: our address is banned.
        Banned => "banned",
        /// 5.7.511 or a block list.
        Blocked => "blocked",
    }

    /// Why a decision record, or an entry of the ledger, was lost.
    Dropped {
        /// The queue was full.
        Full => "full",
        /// The store did not take it.
        Store => "store",
    }
}
