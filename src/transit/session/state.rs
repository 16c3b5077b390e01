//! What an explorer needs of a [`Session`]: to tell two states apart, and to give each a ledger of its own.

use super::{Message, Session};

impl Session {
    /// All that tells one session of a listener from another.
    pub(in crate::transit) fn state(&self) -> impl std::fmt::Debug {
        let Session {
            context: _,
            sender: _,
            server,
            mail,
            message,
            next_hops,
            leasing,
            leasing_further,
            page,
            actions,
            end,
            busy,
        } = self;
        let message = message.as_deref().map(|Message { transit, granted, tenant }| {
            (transit.state(), granted, tenant.as_ref().map(|tenant| tenant.id()))
        });
        let next_hops: Vec<_> = next_hops.iter().map(|client| client.as_ref().map(|client| client.state())).collect();
        let rest = (leasing, leasing_further, page, actions, end, busy);
        (server.state(), mail, message, next_hops, rest)
    }

    /// Another ledger with the same entries takes the place of the process's.
    pub(in crate::transit) fn write_to(&mut self, ledger: crate::transit::SharedLedger) {
        if let Some(page) = &mut self.page {
            page.write_to(ledger);
        }
    }
}
