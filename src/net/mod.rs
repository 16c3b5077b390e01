//! The only place that opens a mail socket: listeners, TLS, name resolution, sessions to next hops, and the pump
//! that moves octets between a sender, a [`Session`](crate::transit::Session) and the next hop.

mod edge;
mod late;
mod listen;
mod order;
mod outbound;
pub mod own_tls;
mod pace;
mod peer;
pub mod poison;
pub mod proxy_protocol;
mod pump;
mod read_ahead;
mod records;
mod resolver;
mod share;
mod stale;
pub mod submission;
mod tls;
mod turns;
mod wire;

pub use edge::{Budget, Edge, Finished, Leasing, LeasingFurther, ListenerProof, Relays, Rules};
pub use listen::bind_shared;
pub use order::{End, Order};
pub use outbound::{Dialer, OpenedFor, Outbound};
pub use peer::{Balancers, Peer};
pub use pump::Pump;
pub use records::{Records, Silent};
pub use resolver::{Private, Resolver, ResolverError};
pub use share::{Bound, Held, Shares, Spent};
pub use tls::{Listener as TlsListener, TlsError, client_config, public_roots};
pub use wire::{TlsFacts, Wire};
