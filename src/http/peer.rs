//! From which address a request comes: that of the connection, or what a trusted proxy says. Nothing else is believed.

use std::net::IpAddr;
use std::sync::Arc;

use http::{Extensions, HeaderMap, HeaderName};

use super::subscriptions::Stopping;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The connection that a request came over. Requests that take a route carry it as an extension, in an [`Arc`].
#[derive(Debug)]
pub(super) struct Connection {
    /// The address at its other end.
    pub(super) peer: IpAddr,
    /// Tells when the server stops.
    pub(super) stopping: Stopping,
}

impl Connection {
    /// The address at the other end of the connection of a request that took a route.
    pub(super) fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
        extensions.get::<Arc<Connection>>().map(|connection| connection.peer)
    }
}

/// The address of the client. Each proxy adds at the end of the header whom it speaks for, and what stands before that
/// may be made up; so the last address that is no trusted proxy counts.
pub(super) fn client(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|proxy| proxy.to_canonical() == *address);
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let mut client = peer;
    for part in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = part.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !is_trusted(&client) {
            break;
        }
    }
    Some(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let ask = |peer: &str, lines: &[&str]| {
            let headers = lines.iter().map(|line| (FORWARDED_FOR, line.parse().unwrap())).collect();
            client(Some(ip(peer)), &headers, &[ip("10.0.0.1"), ip("10.0.0.2")]).unwrap().to_string()
        };
        assert_eq!(ask("192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        assert_eq!(ask("10.0.0.1", &["6.6.6.6, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(ask("10.0.0.1", &["6.6.6.6", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(ask("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(ask("10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
        assert_eq!(ask("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(None, &HeaderMap::new(), &[]), None);
    }
}
