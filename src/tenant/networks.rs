//! Networks and who is behind them: the narrowest that holds an address, those that hold a network, those within one.
//!
//! A tree of prefixes, one for each family, in which a node lies below all that hold it. Like
//! [`SharedMap`](super::SharedMap) a changed copy shares what did not change. No look-up takes more steps than an
//! address has bits.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A map from networks to values. Empty by default.
#[derive(Debug, Clone)]
pub(super) struct Networks<V> {
    four: Root<V>,
    six: Root<V>,
}

type Root<V> = Option<Arc<Node<V>>>;

#[derive(Debug, Clone)]
struct Node<V> {
    network: IpNet,
    /// `None` where two networks part that nobody holds together.
    value: Option<V>,
    below: [Root<V>; 2],
}

impl<V> Default for Networks<V> {
    fn default() -> Networks<V> {
        Networks { four: None, six: None }
    }
}

impl<V> Networks<V> {
    /// The value of the narrowest network that holds the address.
    pub(super) fn of(&self, address: IpAddr) -> Option<&V> {
        self.path(IpNet::from(address)).filter_map(|node| node.value.as_ref()).last()
    }

    /// The values of networks that hold this one and are not it.
    pub(super) fn around(&self, network: IpNet) -> impl Iterator<Item = &V> {
        let network = network.trunc();
        self.path(network).filter(move |node| node.network != network).filter_map(|node| node.value.as_ref())
    }

    /// The networks that lie in this one and are not it, with their values.
    pub(super) fn within(&self, network: IpNet) -> impl Iterator<Item = (IpNet, &V)> {
        let network = network.trunc();
        let mut top = self.root(network).as_ref();
        while let Some(node) = top.filter(|node| !network.contains(&node.network)) {
            top = if node.network.contains(&network) { node.way(network).as_ref() } else { None };
        }
        let mut nodes: Vec<&Arc<Node<V>>> = top.into_iter().collect();
        let all = std::iter::from_fn(move || {
            let node = nodes.pop()?;
            nodes.extend(node.below.iter().flatten());
            Some(node)
        });
        all.filter(move |node| node.network != network)
            .filter_map(|node| node.value.as_ref().map(|value| (node.network, value)))
    }

    /// From the top down, every node that holds the network or is it.
    fn path(&self, network: IpNet) -> impl Iterator<Item = &Node<V>> {
        let holds = move |node: &&Arc<Node<V>>| node.network.contains(&network);
        let first = self.root(network).as_ref().filter(holds);
        std::iter::successors(first, move |node| node.way(network).as_ref().filter(holds)).map(Arc::as_ref)
    }

    fn root(&self, network: IpNet) -> &Root<V> {
        match network {
            IpNet::V4(_) => &self.four,
            IpNet::V6(_) => &self.six,
        }
    }

    fn root_mut(&mut self, network: IpNet) -> &mut Root<V> {
        match network {
            IpNet::V4(_) => &mut self.four,
            IpNet::V6(_) => &mut self.six,
        }
    }
}

impl<V: Clone> Networks<V> {
    /// Gives back what was there.
    pub(super) fn insert(&mut self, network: IpNet, value: V) -> Option<V> {
        let network = network.trunc();
        let mut place = self.root_mut(network);
        while place.as_ref().is_some_and(|node| node.network != network && node.network.contains(&network)) {
            place = Arc::make_mut(place.as_mut()?).way_mut(network);
        }
        let Some(node) = place.take() else {
            *place = Some(Arc::new(Node::of(network, Some(value))));
            return None;
        };
        if node.network == network {
            return Arc::make_mut(place.insert(node)).value.replace(value);
        }
        let mut above = Node::of(both(network, node.network), None);
        if above.network == network {
            above.value = Some(value);
        } else {
            *above.way_mut(network) = Some(Arc::new(Node::of(network, Some(value))));
        }
        let way = above.way_mut(node.network);
        *way = Some(node);
        *place = Some(Arc::new(above));
        None
    }

    /// Gives back what was there. The places where networks parted stay; they are as few as the networks once were.
    pub(super) fn remove(&mut self, network: IpNet) -> Option<V> {
        let network = network.trunc();
        self.path(network).find(|node| node.network == network)?.value.as_ref()?;
        let mut place = self.root_mut(network);
        while place.as_ref().is_some_and(|node| node.network != network) {
            place = Arc::make_mut(place.as_mut()?).way_mut(network);
        }
        let node = Arc::make_mut(place.as_mut()?);
        let value = node.value.take();
        if node.below.iter().all(Option::is_none) {
            *place = None;
        }
        value
    }
}

impl<V> Node<V> {
    fn of(network: IpNet, value: Option<V>) -> Node<V> {
        Node { network, value, below: [None, None] }
    }

    /// Where a network lies that this one holds.
    fn way(&self, network: IpNet) -> &Root<V> {
        let [zero, one] = &self.below;
        if bit(network, self.network.prefix_len()) { one } else { zero }
    }

    fn way_mut(&mut self, network: IpNet) -> &mut Root<V> {
        let [zero, one] = &mut self.below;
        if bit(network, self.network.prefix_len()) { one } else { zero }
    }
}

/// The bit of an address, the first is 0.
fn bit(network: IpNet, at: u8) -> bool {
    match network {
        IpNet::V4(network) => network.addr().to_bits().checked_shl(at.into()).unwrap_or_default() >> 31 == 1,
        IpNet::V6(network) => network.addr().to_bits().checked_shl(at.into()).unwrap_or_default() >> 127 == 1,
    }
}

/// The narrowest network that holds both; they are of one family.
fn both(one: IpNet, other: IpNet) -> IpNet {
    let shortest = u32::from(one.prefix_len().min(other.prefix_len()));
    let length = |equal: u32| u8::try_from(equal.min(shortest)).unwrap_or_default();
    match (one, other) {
        (IpNet::V4(one), IpNet::V4(other)) => {
            let equal = (one.addr().to_bits() ^ other.addr().to_bits()).leading_zeros();
            IpNet::V4(Ipv4Net::new_assert(one.addr(), length(equal))).trunc()
        }
        (IpNet::V6(one), IpNet::V6(other)) => {
            let equal = (one.addr().to_bits() ^ other.addr().to_bits()).leading_zeros();
            IpNet::V6(Ipv6Net::new_assert(one.addr(), length(equal))).trunc()
        }
        (IpNet::V4(_), IpNet::V6(_)) | (IpNet::V6(_), IpNet::V4(_)) => one,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Few bits differ, so that networks hold each other.
    fn network() -> impl Strategy<Value = IpNet> {
        let four = (0_u32..16, 0_u8..=32).prop_map(|(bits, length)| {
            IpNet::V4(Ipv4Net::new_assert((0x0a00_0000 | bits << 22 | bits).into(), length))
        });
        let six = (0_u128..16, 0_u8..=128).prop_map(|(bits, length)| {
            IpNet::V6(Ipv6Net::new_assert((0x2001_0db8 << 96 | bits << 90 | bits).into(), length))
        });
        prop_oneof![four, six].prop_map(|network| network.trunc())
    }

    proptest! {
        #[test]
        fn it_answers_as_a_list_does(
            steps in prop::collection::vec((network(), prop::option::weighted(0.7, 0_u32..9)), 0..60),
            asked in prop::collection::vec(network(), 20)
        ) {
            let (mut tree, mut list) = (Networks::default(), BTreeMap::new());
            for (network, value) in steps {
                let before = tree.clone();
                let held: Vec<_> = before.within(network).map(|(network, value)| (network, *value)).collect();
                match value {
                    Some(value) => prop_assert_eq!(tree.insert(network, value), list.insert(network, value)),
                    None => prop_assert_eq!(tree.remove(network), list.remove(&network)),
                }
                let after: Vec<_> = before.within(network).map(|(network, value)| (network, *value)).collect();
                prop_assert_eq!(held, after, "a copy changed");
            }
            for asked in asked {
                let address = asked.addr();
                let narrowest = list.iter().filter(|(network, _)| network.contains(&address));
                let narrowest = narrowest.max_by_key(|(network, _)| network.prefix_len()).map(|(_, value)| value);
                prop_assert_eq!(tree.of(address), narrowest, "{}", address);
                let mut around: Vec<u32> = tree.around(asked).copied().collect();
                let holders = list.iter().filter(|(network, _)| **network != asked && network.contains(&asked));
                let mut expected: Vec<u32> = holders.map(|(_, value)| *value).collect();
                around.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(around, expected, "around {}", asked);
                let mut within: Vec<_> = tree.within(asked).map(|(network, value)| (network, *value)).collect();
                let held = list.iter().filter(|(network, _)| **network != asked && asked.contains(*network));
                let expected: Vec<_> = held.map(|(network, value)| (*network, *value)).collect();
                within.sort_unstable();
                prop_assert_eq!(within, expected, "within {}", asked);
            }
        }
    }
}
