//! Whom an address stands for, where somebody is counted by it.

use std::net::{IpAddr, Ipv6Addr};

/// The network of whoever has an address: one household or machine has a whole /64 of IPv6 for itself.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}
