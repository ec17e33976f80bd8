//! Where messages may go: which URLs can be endpoints, and which addresses may be connected to.
//!
//! Whoever may make a webhook makes this server send requests, so it must not reach what only this server can: itself,
//! its network, and the metadata services of clouds. A name is no address: what it leads to is checked when the
//! connection is made, with the very address that is connected to. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::config::WebhooksConfig;

/// The longest URL of an endpoint.
const MAX_URL: usize = 2_048;

/// Where an endpoint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) host: Host<String>,
    pub(super) port: u16,
    pub(super) is_encrypted: bool,
    /// The value of `Host`.
    pub(super) authority: String,
    /// The path with the query.
    pub(super) path: String,
}

/// Where a URL leads, if it may be that of an endpoint; otherwise what is wrong with it.
pub(super) fn target(text: &str, config: &WebhooksConfig) -> Result<Target, String> {
    if text.len() > MAX_URL {
        return Err(format!("the URL is longer than {MAX_URL} bytes"));
    }
    let url = Url::parse(text).map_err(|_| "this is no URL; one looks like https://example.org/hooks".to_owned())?;
    let is_encrypted = match url.scheme() {
        "https" => true,
        "http" if config.allow_http => false,
        _ => {
            return Err(
                "the URL must begin with https://, unless the server is set up with webhooks.allow_http".to_owned()
            );
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the URL must not hold a user name or a password".to_owned());
    }
    if url.fragment().is_some() {
        return Err("the URL must not have a fragment: it is never sent".to_owned());
    }
    let host = url.host().ok_or("the URL has no host")?.to_owned();
    let forbidden = match &host {
        Host::Ipv4(address) => !may_connect(IpAddr::V4(*address), config.allow_private),
        Host::Ipv6(address) => !may_connect(IpAddr::V6(*address), config.allow_private),
        Host::Domain(name) => !config.allow_private && is_local_name(name),
    };
    if forbidden {
        let message = "this address is not public, and the server is not set up with webhooks.allow_private";
        return Err(message.to_owned());
    }
    let port = url.port_or_known_default().ok_or("the URL has no port")?;
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_string(),
    };
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Ok(Target { host, port, is_encrypted, authority, path })
}

/// Names that mean this machine or its network, whatever a name server says (RFC 6761, RFC 6762, RFC 9476).
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !name.contains('.') || matches!(last, "localhost" | "local" | "internal" | "localdomain" | "lan" | "home" | "arpa")
}

/// Whether a message may be sent to an address. With `private` to addresses of this machine and its network too; never to
/// many at once, nor to no address.
pub(super) fn may_connect(address: IpAddr, private: bool) -> bool {
    match address {
        IpAddr::V4(address) => may_connect_v4(address, private),
        IpAddr::V6(address) => may_connect_v6(address, private),
    }
}

fn may_connect_v4(address: Ipv4Addr, private: bool) -> bool {
    let [a, b, c, d] = address.octets();
    if address.is_multicast() || address.is_broadcast() || a == 0 {
        return false;
    }
    // RFC 6890 and IANA's registry of special-purpose addresses, and the one of Azure's platform that looks public.
    let special = matches!(
        (a, b, c, d),
        (10 | 127 | 240..=255, ..)
            | (100, 64..=127, ..)
            | (169, 254, ..)
            | (172, 16..=31, ..)
            | (192, 0, 0 | 2, _)
            | (192, 88, 99, _)
            | (192, 168, ..)
            | (198, 18 | 19, ..)
            | (198, 51, 100, _)
            | (203, 0, 113, _)
            | (168, 63, 129, 16)
    );
    private || !special
}

fn may_connect_v6(address: Ipv6Addr, private: bool) -> bool {
    if address.is_multicast() || address.is_unspecified() {
        return false;
    }
    let segments = address.segments();
    // An IPv4 address in disguise is what it is: mapped (RFC 4291), or translated by NAT64 (RFC 6052).
    if let Some(inner) = address.to_ipv4_mapped() {
        return may_connect_v4(inner, private);
    }
    let [.., high, low] = segments;
    let inner = Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return may_connect_v4(inner, private);
    }
    if private {
        return true;
    }
    // Only global unicast, without what is set apart in it: protocol assignments with Teredo, documentation, 6to4.
    let is_global = segments[0] & 0xe000 == 0x2000;
    let special = match segments {
        [0x2001, second, ..] => second < 0x200 || second == 0xdb8,
        [0x2002 | 0x3ffe, ..] => true,
        [0x3fff, second, ..] => second < 0x1000,
        _ => false,
    };
    is_global && !special
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn only_public_addresses_are_connected_to() {
        for public in ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"] {
            assert!(may_connect(public.parse().unwrap(), false), "{public}");
        }
        assert!(may_connect("64:ff9b::8.8.8.8".parse().unwrap(), false), "a public address behind NAT64");
        let inside = [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "198.18.0.1",
            "168.63.129.16",
            "240.0.0.1",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "::127.0.0.1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            "5f00::1",
            "192.88.99.1",
            "203.0.113.7",
        ];
        for inside in inside {
            assert!(!may_connect(inside.parse().unwrap(), false), "{inside}");
            assert!(may_connect(inside.parse().unwrap(), true), "{inside}, where it is allowed");
        }
        for never in ["0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "255.255.255.255", "ff02::1", "::ffff:0.0.0.0"] {
            let never: IpAddr = never.parse().unwrap();
            assert!(!may_connect(never, false) && !may_connect(never, true), "{never}");
        }
    }

    #[test]
    fn urls_are_looked_at_closely() {
        let config = Config::defaults().webhooks;
        let good = target("https://example.org:8443/a/b?c=d", &config).unwrap();
        assert_eq!((good.port, good.authority.as_str(), good.path.as_str()), (8443, "example.org:8443", "/a/b?c=d"));
        assert_eq!(target("https://EXAMPLE.org", &config).unwrap().path, "/");
        assert_eq!(target("https://[2606:4700::1111]/", &config).unwrap().authority, "[2606:4700::1111]");
        let bad = [
            "",
            "example.org",
            "/hooks",
            "http://example.org/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://user@example.org/",
            "https://user:word@example.org/",
            "https://example.org/#part",
            "https://localhost/",
            "https://a.localhost./",
            "https://server/",
            "https://metadata.google.internal/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://017700000001/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://[fe80::1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "https://0/",
            "https://１２７.0.0.1/",
        ];
        for bad in bad {
            assert!(target(bad, &config).is_err(), "{bad}");
        }
        assert!(target(&format!("https://example.org/{}", "x".repeat(2_048)), &config).is_err());
        let open = WebhooksConfig { allow_http: true, allow_private: true, ..config };
        for good in ["http://127.0.0.1:1/", "http://localhost/", "http://[::1]:8080/"] {
            assert!(target(good, &open).is_ok(), "{good}");
        }
        assert!(target("http://0.0.0.0/", &open).is_err());
    }
}
