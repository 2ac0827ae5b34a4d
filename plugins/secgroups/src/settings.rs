//! What an operator allows, and the question whether a permission goes beyond it.

use std::collections::BTreeMap;
use std::fmt;

use reddalert_sdk::Host;
use reddalert_sdk::settings::Entries;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::group::{Permission, SecurityGroup};
use crate::network::Network;

/// What an operator can set.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Protocols that anybody may use.
    allowed_protocols: Vec<String>,
    /// Ports that are open to anybody, each for itself: a range of ports is never allowed by them.
    allowed_ports: Entries<i64>,
    /// Networks that may come in anywhere.
    whitelisted_ips: Entries<Network>,
    /// For a group, `<id> (<name>)`, and a port of it, `22` or `8000-9000`: the ranges that may come in.
    whitelisted_entries: BTreeMap<String, BTreeMap<String, Ranges>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allowed_protocols: vec!["icmp".to_owned()],
            allowed_ports: Entries::default(),
            whitelisted_ips: Entries::default(),
            whitelisted_entries: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Warns of entries that mean nothing.
    pub(crate) fn warn(&self, host: &dyn Host) {
        self.allowed_ports.warn(host, "allowed_ports");
        self.whitelisted_ips.warn(host, "whitelisted_ips");
    }

    /// Whether the permission lets somebody in who is not allowed.
    pub(crate) fn is_suspicious(&self, host: &dyn Host, group: &SecurityGroup, permission: &Permission) -> bool {
        !self.has_entry(group, permission)
            && !self.allows_protocol(permission)
            && !permission.single_port().is_some_and(|port| self.allowed_ports.contains(&port))
            && permission.ranges().any(|range| !self.allows_range(host, group, range))
    }

    fn has_entry(&self, group: &SecurityGroup, permission: &Permission) -> bool {
        let ports = self.whitelisted_entries.get(&group.label());
        let entry = ports.and_then(|ports| ports.get(&permission.port_key()));
        entry.is_some_and(|Ranges(allowed)| {
            !allowed.is_empty() && permission.ranges().all(|range| allowed.iter().any(|entry| entry == range))
        })
    }

    fn allows_protocol(&self, permission: &Permission) -> bool {
        permission.ip_protocol.as_ref().is_some_and(|protocol| self.allowed_protocols.contains(protocol))
    }

    /// A range that cannot be read is not allowed: nothing shows that it is harmless.
    fn allows_range(&self, host: &dyn Host, group: &SecurityGroup, range: &str) -> bool {
        let Ok(network) = range.parse::<Network>() else {
            host.skipped(&group.label(), &format!("the range {range:?} is no network, and taken as not allowed"));
            return false;
        };
        self.whitelisted_ips.iter().any(|allowed| allowed.contains(network))
    }
}

/// Ranges as the inventory writes them: a list, or a text for a single one.
#[derive(Debug)]
struct Ranges(Vec<String>);

impl<'de> Deserialize<'de> for Ranges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RangesVisitor)
    }
}

struct RangesVisitor;

impl<'de> Visitor<'de> for RangesVisitor {
    type Value = Ranges;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of ranges such as [\"192.0.2.0/24\"]")
    }

    fn visit_str<E>(self, range: &str) -> Result<Ranges, E> {
        Ok(Ranges(vec![range.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Ranges, A::Error> {
        let mut ranges = Vec::new();
        while let Some(range) = list.next_element()? {
            ranges.push(range);
        }
        Ok(Ranges(ranges))
    }
}
