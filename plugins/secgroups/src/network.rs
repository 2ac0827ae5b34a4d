//! A network as operators and AWS write it: `10.0.0.0/8`, `::/0`, a bare address, and the short forms that the original took: `10` is the
//! address 10.0.0.0, `10/8` its network, `10.0.0.0/255.0.0.0` the same with a mask. Bits behind the prefix do not count.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net};
use serde::de::{Deserialize, Deserializer, Error as _};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network(IpNet);

impl Network {
    /// Whether all of the other network lies in this one. An IPv6 network never lies in an IPv4 one.
    pub(crate) fn contains(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }
}

/// A text that is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let network = match parse_address(address).ok_or(NoNetwork)? {
            IpAddr::V4(address) => Ipv4Net::new(address, prefix.map_or(Some(32), ipv4_prefix).ok_or(NoNetwork)?).map(IpNet::V4),
            address @ IpAddr::V6(_) => IpNet::new(address, prefix.map_or(Some(128), |prefix| prefix.parse().ok()).ok_or(NoNetwork)?),
        };
        Ok(Self(network.map_err(|_| NoNetwork)?.trunc()))
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| short_ipv4(text).map(IpAddr::V4))
}

/// `10` and `10.1` are the beginnings of an address; the rest is zero.
fn short_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let Some(part) = parts.next() else { break };
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| octets.into())
}

fn ipv4_prefix(text: &str) -> Option<u8> {
    match text.parse::<Ipv4Addr>() {
        Ok(mask) => ipnet::ipv4_mask_to_prefix(mask).ok(),
        Err(_) => text.parse().ok(),
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|NoNetwork| D::Error::custom("no network such as 10.0.0.0/8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().expect("a network")
    }

    #[test]
    fn short_forms_are_read_as_the_original_read_them() {
        assert_eq!(network("10"), network("10.0.0.0/32"));
        assert_eq!(network("10/8"), network("10.0.0.0/8"));
        assert_eq!(network("127.0.0.1"), network("127.0.0.1/32"));
        assert_eq!(network("10.0.0.0/255.0.0.0"), network("10.0.0.0/8"));
        assert_eq!(network("203.0.113.77/24"), network("203.0.113.0/24"));
        assert_eq!(network("::1"), network("::1/128"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "not a network",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "1.2.3.4.5",
            "256.0.0.0/8",
            "::/129",
            "10.0.0.0/0.255.0.0",
            "a.b",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NoNetwork), "{text}");
        }
    }

    #[test]
    fn a_network_contains_its_parts_only() {
        assert!(network("10.0.0.0/8").contains(network("10.1.0.0/16")));
        assert!(!network("10.0.0.0/8").contains(network("10.0.0.0/7")));
        assert!(!network("0.0.0.0/0").contains(network("::/0")));
        assert!(network("::/0").contains(network("2001:db8::/32")));
    }
}
