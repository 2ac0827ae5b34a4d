//! A grant as the config takes it: what a refusal says is to be added, and what `reddalert rules` shows.

use std::fmt;

use serde_json::Value;

use super::{Grant, HostPattern, Scheme};
use crate::port_range::PortRange;

/// On one line: as a text where that says all, else as an object without the keys that have their default.
impl fmt::Display for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_address() {
            Some(address) => formatter.write_str(&quoted(&address)),
            None => write!(formatter, "{{{}}}", self.members().join(", ")),
        }
    }
}

impl Grant {
    /// `https://www.example.com:8443/path`.
    fn as_address(&self) -> Option<String> {
        let default = Self::default();
        let ([scheme], [host]) = (&*self.schemes, &*self.hosts) else { return None };
        let plain = self.methods == default.methods || *scheme == Scheme::Tcp;
        if !plain || !self.private.is_empty() || self.credential.is_some() || self.authorities.is_some() {
            return None;
        }
        let port = match self.ports.as_deref() {
            None => String::new(),
            Some([PortRange { first, last }]) if first == last => format!(":{first}"),
            Some(_) => return None,
        };
        Some(format!("{scheme}://{}{port}{}", host_in_address(host)?, self.path.as_deref().unwrap_or_default()))
    }

    fn members(&self) -> Vec<String> {
        let default = Self::default();
        let mut members = Vec::new();
        if self.schemes != default.schemes {
            members.push(member("schemes", &texts(&self.schemes)));
        }
        members.push(member("hosts", &texts(&self.hosts)));
        if let Some(ports) = &self.ports {
            members.push(format!("\"ports\": [{}]", ports.iter().copied().map(port).collect::<Vec<_>>().join(", ")));
        }
        if self.methods != default.methods && self.schemes != [Scheme::Tcp] {
            members.push(member("methods", &texts(&self.methods)));
        }
        members.extend(self.path.as_ref().map(|path| member("path", &quoted(path))));
        if !self.private.is_empty() {
            let private: Vec<_> = self.private.iter().map(|network| HostPattern::Network(*network)).collect();
            members.push(member("private", &texts(&private)));
        }
        members.extend(self.credential.as_ref().map(|name| member("credential", &quoted(name))));
        members.extend(self.authorities.as_ref().map(|authorities| member("ca", &quoted(&authorities.file.to_string_lossy()))));
        members
    }
}

fn member(key: &str, value: &str) -> String {
    format!("\"{key}\": {value}")
}

fn texts<T: fmt::Display>(values: &[T]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(&value.to_string())).collect::<Vec<_>>().join(", "))
}

fn port(range: PortRange) -> String {
    if range.first == range.last { range.first.to_string() } else { quoted(&range.to_string()) }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// None for what an address cannot hold.
fn host_in_address(host: &HostPattern) -> Option<String> {
    match host {
        HostPattern::Network(network) if network.prefix_len() < network.max_prefix_len() => None,
        HostPattern::Network(ipnet::IpNet::V6(_)) => Some(format!("[{host}]")),
        HostPattern::Name(_) | HostPattern::Below(_) | HostPattern::Network(_) => Some(host.to_string()),
        HostPattern::Inventory(_) | HostPattern::Setting(_) => None,
    }
}
