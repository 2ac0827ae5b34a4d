//! A security group as the inventory has it.

use reddalert_sdk::fields::{Integer, null_is_default};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecurityGroup {
    pub(crate) group_id: String,
    group_name: Option<String>,
    pub(crate) owner_id: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) ip_permissions: Vec<Permission>,
}

/// What may come in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permission {
    /// `-1` is all traffic, which has no ports.
    pub(crate) ip_protocol: Option<String>,
    pub(crate) from_port: Option<Integer>,
    pub(crate) to_port: Option<Integer>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) ip_ranges: Vec<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    ipv6_ranges: Vec<Ipv6Range>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ipv6Range {
    cidr_ipv6: String,
}

impl SecurityGroup {
    /// `sg-1 (web)`: how alerts and the whitelist call it.
    pub(crate) fn label(&self) -> String {
        format!("{} ({})", self.group_id, self.name())
    }

    pub(crate) fn name(&self) -> &str {
        self.group_name.as_deref().unwrap_or("None")
    }
}

impl Permission {
    pub(crate) fn ipv6_ranges(&self) -> impl Iterator<Item = &str> {
        self.ipv6_ranges.iter().map(|range| range.cidr_ipv6.as_str())
    }

    /// All ranges, of both kinds.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = &str> {
        self.ip_ranges.iter().map(String::as_str).chain(self.ipv6_ranges())
    }

    /// How the whitelist calls its ports: `22`, `8000-9000`, or `None` for all traffic.
    pub(crate) fn port_key(&self) -> String {
        let text = |port: &Option<Integer>| port.as_ref().map_or("None".to_owned(), Integer::to_string);
        let (from, to) = (text(&self.from_port), text(&self.to_port));
        if from == to { from } else { format!("{from}-{to}") }
    }

    /// The port, if it is for one alone.
    pub(crate) fn single_port(&self) -> Option<i64> {
        let (from, to) = (self.from_port.as_ref()?.value(), self.to_port.as_ref()?.value());
        (from == to).then_some(from)
    }
}
