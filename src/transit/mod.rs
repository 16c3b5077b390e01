//! One message from MAIL to verdict, as a pure state machine: [`Transit`]; and around it the session that carries it
//! between sender and next hop: [`Session`].
//!
//! It binds the tenant, hands the envelope on, chooses the signature, holds and releases the content, opens the
//! commit gate and turns the next hop's answer into ours. It is the only place that can say 250 to the end of a
//! message, and it says so in one function (`verdict.rs`). Whatever is not known is 451.

mod binding;
mod bypass;
mod content;
mod decision;
mod dialogue;
mod envelope;
mod framing;
mod guard;
mod knowledge;
mod lease;
mod ledger;
mod leg;
mod message;
mod recall;
mod record;
mod session;
mod trace;
mod verdict;

#[cfg(test)]
pub(crate) mod tests;

pub use binding::{Proof, Sender, Unproven};
pub use bypass::RegionBypass;
pub use dialogue::{Command, Input, Output};
pub use guard::{Guard, Identity};
pub use lease::{Lease, Refusal, Wanted};
pub use ledger::{
    Bounds, Change, DOUBT, Doubt, Fingerprint, Known, Ledger, Note, Page, Parcel, Proof as BodyProof, RecipientHash,
    SharedLedger, Taken, Tally, Ticket,
};
pub use message::{Context, Index, Now, Transit};
pub use record::{Record, Stages};
pub use session::{Action, Opening, Session};
pub use verdict::{ATTRIBUTION_GRACE, Health, Verdict};
