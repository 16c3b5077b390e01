//! Exchange Online from both sides: [`Receiver`] takes mail in as the smart host of a tenant does, [`Sender`] hands
//! mail over as a Send connector does.
//!
//! The dialogue, the texts and the order of checks are those seen at the real service; where nothing is known a
//! field of the configuration lets a test choose. Faults are asked for by [`Rule`]s, waits by [`Gate`]s.

mod delivery;
mod headers;
mod offer;
mod outgoing;
mod receiver;
mod record;
mod script;
mod sender;
mod session;
mod transaction;

#[cfg(test)]
mod tests;

pub use delivery::{Attempt, Delivery, Fate, Report, Schedule};
pub use headers::{AuthAs, ExchangeHeaders};
pub use offer::Offer;
pub use outgoing::{Cut, Framing, Outgoing, Recipient};
pub use receiver::{Connector, Receiver, ReceiverConfig, TlsOffer};
pub use record::{Accepted, AcceptedRecipient, Conversation, Framed, Record};
pub(crate) use record::{fields, header_values, is_named, split_head};
pub use script::{Act, At, Gate, Rule};
pub use sender::{Sender, SenderConfig, SenderTls};
