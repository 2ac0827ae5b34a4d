//! The hosts of a grant: a name, everything below a name, an address, a network, or what the inventory or the rule's settings name.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::Host;

use crate::special_address::{only, unwrapped, unwrapped_network};

/// Which hosts are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPattern {
    /// This name: small letters, no final dot.
    Name(String),
    /// Every name below this one (`*.example.com`), and not the name itself.
    Below(String),
    /// Addresses that are written as such; never names that lead to them.
    Network(IpNet),
    /// Every name and address that a field of the inventory's documents holds.
    Inventory(InventoryField),
    /// What this key of the rule's settings names: a host, or an address with scheme and port.
    Setting(String),
}

/// A field of all documents of a collection, `view/instances.publicIpAddress`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InventoryField {
    /// As in an address of EDDA: `view/instances`.
    pub collection: String,
    /// The names of the fields that lead to it, with dots between them; lists on the way are looked through.
    pub field: String,
}

/// A text that names no hosts.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidHost {
    /// The star is not alone in front of a name.
    #[error("`*` can only stand in front of a name, as in `*.example.com`; no grant covers every host")]
    Star,
    /// A network whose address is not its first one.
    #[error("this network has addresses before this one: write `{0}`")]
    NotTheFirst(IpNet),
    /// A network that is none.
    #[error("expected a network such as `198.51.100.0/24` or `2001:db8::/32`")]
    Network,
    /// Not a collection and a field.
    #[error("expected `inventory:COLLECTION.FIELD`, as in `inventory:view/instances.publicIpAddress`")]
    Inventory,
    /// No key.
    #[error("expected `setting:KEY`, where KEY is one of the rule's own settings")]
    Setting,
    /// A whole address, or a port.
    #[error("expected the host alone: `schemes`, `ports` and `path` are keys of their own (or write the whole grant as one text)")]
    NotAlone,
    /// Nothing of all this.
    #[error("expected a host: a name, `*.` and a name, an address, a network, `inventory:COLLECTION.FIELD` or `setting:KEY`")]
    Unknown,
}

/// The one spelling of a host's name that everything is compared in: small letters, punycode, no final dot. None for what is no name.
pub fn host_name(name: &str) -> Option<String> {
    match Host::parse(name) {
        Ok(Host::Domain(name)) => Some(name.strip_suffix('.').unwrap_or(&name).to_owned()).filter(|name| !name.is_empty()),
        _ => None,
    }
}

impl HostPattern {
    /// The pattern of exactly this host.
    pub fn exactly(host: &Host<String>) -> Self {
        match host {
            Host::Domain(name) => Self::Name(name.clone()),
            Host::Ipv4(address) => Self::Network(only(IpAddr::V4(*address))),
            Host::Ipv6(address) => Self::Network(only(IpAddr::V6(*address))),
        }
    }

    /// True for a name that [`HostPattern::Name`] or [`HostPattern::Below`] means.
    pub fn covers_name(&self, name: &str) -> bool {
        match self {
            Self::Name(own) => own == name,
            Self::Below(own) => is_below(name, own),
            _ => false,
        }
    }
}

/// True for `a.b.example.com` below `example.com`.
pub fn is_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).and_then(|rest| rest.strip_suffix('.')).is_some_and(|rest| !rest.is_empty())
}

impl FromStr for HostPattern {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        if let Some(field) = text.strip_prefix("inventory:") {
            return field.parse().map(Self::Inventory);
        }
        if let Some(key) = text.strip_prefix("setting:") {
            return if key.is_empty() { Err(InvalidHost::Setting) } else { Ok(Self::Setting(key.to_owned())) };
        }
        if let Some(parent) = text.strip_prefix("*.").filter(|parent| !parent.contains('*')) {
            return host_name(parent).map(Self::Below).ok_or(InvalidHost::Star);
        }
        if text.contains('*') {
            return Err(InvalidHost::Star);
        }
        if let Ok(address) = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            return Ok(Self::Network(only(unwrapped(address))));
        }
        if text.contains("://") || is_name_and_port(text) {
            return Err(InvalidHost::NotAlone);
        }
        if text.contains('/') {
            return read_network(text);
        }
        host_name(text).map(Self::Name).ok_or(InvalidHost::Unknown)
    }
}

fn is_name_and_port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn read_network(text: &str) -> Result<HostPattern, InvalidHost> {
    let network: IpNet = text.parse().map_err(|_| InvalidHost::Network)?;
    if network.addr() != network.network() {
        return Err(InvalidHost::NotTheFirst(network.trunc()));
    }
    Ok(HostPattern::Network(unwrapped_network(network)))
}

impl FromStr for InventoryField {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let slash = text.rfind('/').ok_or(InvalidHost::Inventory)?;
        let dot = text[slash..].find('.').map(|dot| slash + dot).ok_or(InvalidHost::Inventory)?;
        let (collection, field) = (&text[..dot], &text[dot + 1..]);
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if collection.split('/').all(is_word) && field.split('.').all(is_word) {
            Ok(Self { collection: collection.to_owned(), field: field.to_owned() })
        } else {
            Err(InvalidHost::Inventory)
        }
    }
}

/// As the config spells it.
impl fmt::Display for HostPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Below(name) => write!(formatter, "*.{name}"),
            Self::Network(network) if network.prefix_len() == network.max_prefix_len() => network.addr().fmt(formatter),
            Self::Network(network) => network.fmt(formatter),
            Self::Inventory(InventoryField { collection, field }) => write!(formatter, "inventory:{collection}.{field}"),
            Self::Setting(key) => write!(formatter, "setting:{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, InvalidHost> {
        text.parse().map(|pattern: HostPattern| pattern.to_string())
    }

    #[test]
    fn one_host_has_one_spelling() {
        for (text, shown) in [
            ("WWW.Example.COM.", "www.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("*.Example.com", "*.example.com"),
            ("192.0.2.7", "192.0.2.7"),
            ("[2001:DB8::1]", "2001:db8::1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("198.51.100.0/24", "198.51.100.0/24"),
            ("inventory:view/instances.publicIpAddress", "inventory:view/instances.publicIpAddress"),
            ("inventory:aws/hostedRecords.aliasTarget.dNSName", "inventory:aws/hostedRecords.aliasTarget.dNSName"),
            ("setting:chef_server_url", "setting:chef_server_url"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(shown), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_says_how_it_is_written() {
        for (text, error) in [
            ("*", InvalidHost::Star),
            ("www.*.com", InvalidHost::Star),
            ("*.", InvalidHost::Star),
            ("*.*.com", InvalidHost::Star),
            ("*.1.2.3.4", InvalidHost::Star),
            ("198.51.100.7/24", InvalidHost::NotTheFirst("198.51.100.0/24".parse().expect("a network"))),
            ("198.51.100.0/33", InvalidHost::Network),
            ("https://example.com", InvalidHost::NotAlone),
            ("example.com:443", InvalidHost::NotAlone),
            ("inventory:view.instances", InvalidHost::Inventory),
            ("inventory:view/instances", InvalidHost::Inventory),
            ("inventory:view/../x.y", InvalidHost::Inventory),
            ("inventory:view/instances.a:(b)", InvalidHost::Inventory),
            ("setting:", InvalidHost::Setting),
            ("", InvalidHost::Unknown),
            (".", InvalidHost::Unknown),
            ("a b", InvalidHost::Unknown),
            ("0x7f.1", InvalidHost::Unknown),
        ] {
            assert_eq!(text.parse::<HostPattern>(), Err(error), "{text}");
        }
    }

    #[test]
    fn below_a_name_is_not_the_name_and_not_another_one() {
        let pattern = HostPattern::Below("example.com".into());
        assert!(pattern.covers_name("www.example.com") && pattern.covers_name("a.b.example.com"));
        for name in ["example.com", ".example.com", "badexample.com", "example.com.evil.org", "xexample.com"] {
            assert!(!pattern.covers_name(name), "{name}");
        }
    }
}
