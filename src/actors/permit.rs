//! The right of a connection to exist: so many in the process, shared so that nobody takes them all.
//!
//! Who claims is known only as far as the peer is when it connects: a tenant where its network proves it, else the
//! source address. Exchange Online's addresses serve all its tenants, so there the shares that count are those of
//! memory and sessions, which are taken with a message.

use std::net::{IpAddr, Ipv6Addr};

use crate::events::Refused;
use crate::net::{self, Bound, Held, ListenerProof, Shares, Spent};
use crate::tenant::TenantId;

/// All permits of the process.
pub type Permits = Shares<Claimant>;
/// One, given back when dropped.
pub type Permit = Held<Claimant>;

/// Who a connection counts for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Claimant {
    Tenant(TenantId),
    /// An IPv4 address, or the first address of an IPv6 /64, which is what one machine has.
    Address(IpAddr),
}

impl Claimant {
    /// Of a listener's sender with this address.
    pub fn of(edge: &net::Edge, address: IpAddr) -> Claimant {
        let tenant = match edge.proof {
            ListenerProof::Network => (edge.region)().0.by_network(address).map(|tenant| tenant.id().clone()),
            _ => None,
        };
        tenant.map_or_else(|| Claimant::Address(machine(address)), Claimant::Tenant)
    }

    /// A permit for one more connection of its.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn permit(self, permits: &Permits) -> Result<Permit, Refused> {
        permits.take(self, 1, Bound::SevenEighths).map_err(|spent| match spent {
            Spent::Whole => Refused::TooMany,
            Spent::Share => Refused::Share,
        })
    }

    /// Makes a permit its own.
    ///
    /// # Errors
    /// It has its share already.
    pub fn takes_over(self, permit: &mut Permit) -> Result<(), Spent> {
        permit.pass_to(self, Bound::SevenEighths)
    }
}

fn machine(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_an_ipv4_address_or_an_ipv6_64() {
        for (address, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
            ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ] {
            assert_eq!(machine(address.parse().unwrap()), expected.parse::<IpAddr>().unwrap(), "{address}");
        }
    }

    #[test]
    fn one_address_never_takes_the_last_connection() {
        let permits = Permits::new(16);
        let claimant = |last: u8| Claimant::Address([192, 0, 2, last].into());
        let mut held: Vec<Permit> = std::iter::from_fn(|| claimant(1).permit(&permits).ok()).collect();
        assert_eq!(held.len(), 14);
        assert_eq!(claimant(1).permit(&permits).unwrap_err(), Refused::Share);
        held.extend([2, 3].map(|last| claimant(last).permit(&permits).unwrap()));
        assert_eq!(claimant(4).permit(&permits).unwrap_err(), Refused::TooMany);
    }
}
