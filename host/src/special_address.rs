//! Addresses that are no part of the public internet: the machine itself, its cloud's metadata, the private networks around it. A rule reaches
//! one of them only where the operator named it. One table holds all ranges; what the internet's registries call special, and what clouds use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A range of addresses that needs a permission of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialRange {
    /// All its addresses.
    pub network: IpNet,
    /// What it is, with its article: `a private address`.
    pub what: &'static str,
}

/// More exact ranges stand before wider ones.
const RANGES: [(&str, &str); 27] = [
    ("169.254.169.254/32", "the metadata service of clouds"),
    ("169.254.170.2/32", "the metadata service of containers"),
    ("fd00:ec2::254/128", "the metadata service of AWS"),
    ("168.63.129.16/32", "the platform service of Azure"),
    ("100.100.100.200/32", "the metadata service of Alibaba Cloud"),
    ("0.0.0.0/8", "an address of this machine"),
    ("127.0.0.0/8", "a loopback address"),
    ("10.0.0.0/8", "a private address"),
    ("172.16.0.0/12", "a private address"),
    ("192.168.0.0/16", "a private address"),
    ("100.64.0.0/10", "an address shared by a carrier"),
    ("169.254.0.0/16", "a link-local address"),
    ("192.0.0.0/24", "an address for protocols"),
    ("198.18.0.0/15", "an address for benchmarks"),
    ("224.0.0.0/4", "a multicast address"),
    ("240.0.0.0/4", "a reserved address"),
    ("::/128", "the unspecified address"),
    ("::1/128", "the loopback address"),
    ("64:ff9b:1::/48", "an address of a local translator"),
    ("100::/64", "an address that discards"),
    ("2001::/32", "an address of a Teredo tunnel"),
    ("2001:2::/48", "an address for benchmarks"),
    ("5f00::/16", "an address for segment routing"),
    ("fc00::/7", "a private address"),
    ("fe80::/10", "a link-local address"),
    ("fec0::/10", "a site-local address"),
    ("ff00::/8", "a multicast address"),
];

static SPECIAL: LazyLock<Vec<SpecialRange>> = LazyLock::new(|| {
    let range = |(network, what): (&str, &'static str)| network.parse().ok().map(|network| SpecialRange { network, what });
    RANGES.into_iter().filter_map(range).collect()
});

/// The IPv4 address for one that is only wrapped (`::ffff:10.0.0.1`): to the network they are the same.
pub fn unwrapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(long) => long.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// The special range that an address lies in, itself or through an IPv4 address that it leads to.
pub fn special(address: IpAddr) -> Option<SpecialRange> {
    let address = unwrapped(address);
    let own = |address: IpAddr| SPECIAL.iter().find(|range| range.network.contains(&address)).copied();
    own(address).or_else(|| match address {
        IpAddr::V6(long) => led_to(long).and_then(|short| own(IpAddr::V4(short))),
        IpAddr::V4(_) => None,
    })
}

/// True when all addresses of a network are in one special range, themselves or through the IPv4 addresses that they lead to.
pub fn lies_in_special(network: &IpNet) -> bool {
    let own = |network: &IpNet| SPECIAL.iter().any(|range| range.network.contains(network));
    own(network) || led_to_network(network).is_some_and(|short| own(&IpNet::V4(short)))
}

/// Where a relay or a translator on the way sends what is meant for this address: 6to4, NAT64, and the old form of IPv4 in IPv6.
fn led_to(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bytes = address.octets();
    let start = bits_before(address)? / 8;
    Some(Ipv4Addr::new(bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]))
}

/// As [`led_to`], for a whole network.
fn led_to_network(network: &IpNet) -> Option<Ipv4Net> {
    let IpNet::V6(long) = network else { return None };
    let bits = usize::from(long.prefix_len()).checked_sub(bits_before(long.network())?)?;
    Ipv4Net::new(led_to(long.network())?, u8::try_from(bits.min(32)).ok()?).ok()
}

/// How many bits stand before the IPv4 address in an address that leads to one.
fn bits_before(address: Ipv6Addr) -> Option<usize> {
    match address.segments() {
        [0x2002, ..] => Some(16),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0, 0 | 0xffff, ..] => Some(96),
        _ => None,
    }
}

/// The IPv4 network for one that is only wrapped (`::ffff:10.0.0.0/104`).
pub fn unwrapped_network(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(long) if long.network().to_ipv4_mapped().is_some() => led_to_network(&network).map_or(network, IpNet::V4),
        _ => network,
    }
}

/// The network of one address.
pub fn only(address: IpAddr) -> IpNet {
    match unwrapped(address) {
        IpAddr::V4(short) => IpNet::V4(Ipv4Net::from(short)),
        IpAddr::V6(long) => IpNet::V6(Ipv6Net::from(long)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(address: &str) -> Option<&'static str> {
        special(address.parse().expect(address)).map(|range| range.what)
    }

    #[test]
    fn every_range_of_the_table_is_read() {
        assert_eq!(SPECIAL.len(), RANGES.len());
    }

    #[test]
    fn both_ends_of_every_range_are_special_and_their_neighbours_are_ordinary() {
        for (first, last, before, after) in [
            ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
            ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
            ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
            ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
            ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
            ("0.0.0.0", "0.255.255.255", "1.0.0.0", "1.0.0.1"),
            ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
            ("224.0.0.0", "255.255.255.255", "223.255.255.255", "8.8.8.8"),
            ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff::", "2600::1"),
            ("fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::", "2a00::1"),
            ("ff00::", "ffff::1", "2606:4700::1", "2620::1"),
        ] {
            assert!(what(first).is_some() && what(last).is_some(), "{first} to {last}");
            assert_eq!((what(before), what(after)), (None, None), "{before}, {after}");
        }
    }

    /// Every beginning of an address, with an end that the standard library has no special word for.
    #[test]
    fn what_the_standard_library_calls_special_is_special() {
        for start in 0..=u16::MAX {
            let [first, second] = start.to_be_bytes();
            let short = Ipv4Addr::new(first, second, 77, 7);
            if short.is_private() || short.is_loopback() || short.is_link_local() || short.is_multicast() || first == 0 || first >= 240 {
                assert!(special(short.into()).is_some(), "{short}");
            }
            let long = Ipv6Addr::new(start, 7, 7, 7, 7, 7, 7, 7);
            if long.is_unique_local() || long.is_unicast_link_local() || long.is_multicast() {
                assert!(special(long.into()).is_some(), "{long}");
            }
            let [mapped, translated] = ["::ffff:", "64:ff9b::"].map(|prefix| format!("{prefix}{short}").parse().expect("an address"));
            assert_eq!([mapped, translated].map(special), [special(short.into()); 2], "{short}");
        }
    }

    #[test]
    fn metadata_is_told_from_the_rest_of_its_range() {
        assert_eq!(what("169.254.169.254"), Some("the metadata service of clouds"));
        assert_eq!(what("169.254.1.1"), Some("a link-local address"));
        assert_eq!(what("fd00:ec2::254"), Some("the metadata service of AWS"));
        assert_eq!(what("168.63.129.16"), Some("the platform service of Azure"));
        assert_eq!(what("100.100.100.200"), Some("the metadata service of Alibaba Cloud"));
    }

    #[test]
    fn an_address_that_leads_to_a_special_one_is_special() {
        for address in [
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b:1::8.8.8.8",
            "2002:7f00:1::1",
            "2002:a9fe:a9fe::",
            "2001:0:808:808:0:0:f7f7:f7f7",
            "::1",
            "::",
        ] {
            assert!(what(address).is_some(), "{address}");
        }
        for address in ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:4860:4860::8888"] {
            assert_eq!(what(address), None, "{address}");
        }
    }

    #[test]
    fn a_network_is_special_as_a_whole_or_not_at_all() {
        let special = |network: &str| lies_in_special(&network.parse().expect(network));
        for network in ["10.0.0.0/8", "10.1.0.0/16", "127.0.0.1/32", "fd00::/8", "64:ff9b::a00:0/104", "2002:a00::/24", "::1/128"] {
            assert!(special(network), "{network}");
        }
        for network in
            ["0.0.0.0/0", "10.0.0.0/7", "8.8.8.0/24", "::/0", "64:ff9b::/96", "64:ff9b::800:0/101", "2002::/16", "2600::/12", "fc00::/6"]
        {
            assert!(!special(network), "{network}");
        }
    }
}
