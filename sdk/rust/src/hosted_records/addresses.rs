//! Which addresses lead nowhere outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether the address means a private network, the machine itself or the link it is on; no stranger can be behind it.
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    first == 0 || is_shared || address.is_private() || address.is_loopback() || address.is_link_local()
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_unspecified() || address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_told_from_public_ones() {
        let is_private = |text: &str| is_private(text.parse().expect("an address"));
        for text in ["10.1.2.3", "172.31.0.1", "192.168.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"] {
            assert!(is_private(text), "{text}");
        }
        for text in ["::", "::1", "fd00:ec2::254", "fe80::1", "::ffff:10.0.0.1"] {
            assert!(is_private(text), "{text}");
        }
        for text in ["172.32.0.1", "192.0.2.1", "203.0.113.9", "100.128.0.1", "8.8.8.8", "2001:db8::1", "::ffff:192.0.2.1"] {
            assert!(!is_private(text), "{text}");
        }
    }
}
