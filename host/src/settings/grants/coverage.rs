//! What a grant covers: a single call, or everything that another grant covers.

use super::host_pattern::is_below;
use super::{Grant, HostPattern, Scheme};
use crate::port_range::PortRange;

impl Grant {
    /// True for a port that may be reached by that scheme.
    pub fn covers_port(&self, scheme: Scheme, port: u16) -> bool {
        match &self.ports {
            Some(ranges) => ranges.iter().any(|range| range.contains(port)),
            None => scheme.own_port() == Some(port),
        }
    }

    /// True for a method, in capital letters.
    pub fn covers_method(&self, method: &str) -> bool {
        self.methods.iter().any(|own| own == method)
    }

    /// True for the path of an address, as `url` writes it.
    pub fn covers_path(&self, path: &str) -> bool {
        // Some servers take an escaped separator for a real one, and `/prefix/..%2Fother` would leave the prefix there.
        let lower = path.to_ascii_lowercase();
        let hidden = lower.contains("%2f") || lower.contains("%5c");
        self.path.as_ref().is_none_or(|prefix| !hidden && begins_with(path, prefix))
    }

    /// True when every call that `other` covers is covered by this grant alone.
    pub fn covers(&self, other: &Self) -> bool {
        let reaches = |scheme: &Scheme| self.schemes.contains(scheme) && self.covers_ports_of(other, *scheme);
        let only_tcp = other.schemes.iter().all(|scheme| *scheme == Scheme::Tcp);
        let web = || other.methods.iter().all(|method| self.covers_method(method)) && self.covers_path_of(other);
        other.schemes.iter().all(reaches) && other.hosts.iter().all(|host| self.covers_host(host)) && (only_tcp || web())
    }

    /// True when some host is covered by both.
    pub fn shares_hosts_with(&self, other: &Self) -> bool {
        other.hosts.iter().any(|host| self.covers_host(host)) || self.hosts.iter().any(|host| other.covers_host(host))
    }

    fn covers_ports_of(&self, other: &Self, scheme: Scheme) -> bool {
        let (own, others) = (self.port_ranges(scheme), other.port_ranges(scheme));
        others.iter().all(|other| own.iter().any(|own| own.contains_range(*other)))
    }

    fn port_ranges(&self, scheme: Scheme) -> Vec<PortRange> {
        self.ports.clone().unwrap_or_else(|| scheme.own_port().map(PortRange::only).into_iter().collect())
    }

    fn covers_path_of(&self, other: &Self) -> bool {
        self.path.is_none() || other.path.as_ref().is_some_and(|path| self.covers_path(path))
    }

    fn covers_host(&self, other: &HostPattern) -> bool {
        self.hosts.iter().any(|own| match (own, other) {
            (own, HostPattern::Name(name)) => own.covers_name(name),
            (HostPattern::Below(own), HostPattern::Below(other)) => own == other || is_below(other, own),
            (HostPattern::Network(own), HostPattern::Network(other)) => own.contains(other),
            (own, other) => own == other,
        })
    }
}

/// `/a` begins `/a`, `/a/b` and `/a?`, but not `/ab`; `/a/` begins `/a/b`.
fn begins_with(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'))
}
