//! Whether a call is allowed: some grant of the operator covers it, and some ask of the rule's manifest does where there is a manifest.
//! Nothing is asked or looked up here; what names stand for has been read before.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Host;

use super::error::NetworkError;
use super::named_hosts::NamedByInventory;
use super::rights::Rights;
use super::target::Target;
use crate::settings::grants::{Certificates, Grant, HostPattern, Scheme};
use crate::special_address::{lies_in_special, special, unwrapped};

/// A call that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Permit {
    /// The special addresses that it may connect to.
    private: Vec<IpNet>,
    /// What is added to it.
    pub(super) credential: Option<CredentialName>,
    /// The only certificates that the server may have.
    pub(super) authorities: Option<Certificates>,
    /// The host as the config would name it, for a refusal.
    host: String,
}

/// Whose credential it is: the names of the operator and those of a rule's author never mix, so that no author can reach for a secret that was
/// not meant for the rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CredentialName {
    /// `credentials.<name>` of the config.
    Configured(String),
    /// One that the manifest declares, made of the rule's own settings.
    Declared(String),
}

/// Allows the call, or says why not and what to add to the config.
pub(super) fn decide(rights: &Rights, inventory: &NamedByInventory, target: &Target) -> Result<Permit, NetworkError> {
    let call = Call { rights, inventory, target };
    let asked = call.covered_by(rights.asked.iter().flatten().map(|ask| &ask.grant));
    if rights.asked.is_some() && asked.grants.is_empty() {
        return Err(asked.unknown.unwrap_or_else(|| not_asked(rights, target)));
    }
    let granted = call.covered_by(rights.granted.iter());
    let as_asked = call.covered_by(rights.as_asked.iter());
    if granted.grants.is_empty() && as_asked.grants.is_empty() {
        let refused = || not_granted(rights, target, asked.grants.first().copied());
        return Err(granted.unknown.or(as_asked.unknown).unwrap_or_else(refused));
    }
    let named = granted.grants.iter().find_map(|grant| grant.credential.clone().map(CredentialName::Configured));
    let declared = || asked.grants.iter().find_map(|ask| ask.credential.clone().map(CredentialName::Declared));
    Ok(Permit {
        // Only what the operator wrote himself opens a special address; no author of a rule does.
        private: granted.grants.iter().flat_map(|grant| private_of(grant)).collect(),
        credential: named.or_else(declared),
        authorities: granted.grants.iter().find_map(|grant| grant.authorities.clone()),
        host: target.host.to_string(),
    })
}

/// A call, and what is known about hosts.
struct Call<'a> {
    rights: &'a Rights,
    inventory: &'a NamedByInventory,
    target: &'a Target,
}

/// The grants that cover a call; and why some might that are not among them.
struct Covering<'g> {
    grants: Vec<&'g Grant>,
    unknown: Option<NetworkError>,
}

impl Call<'_> {
    fn covered_by<'g>(&self, candidates: impl Iterator<Item = &'g Grant>) -> Covering<'g> {
        let mut covering = Covering { grants: Vec::new(), unknown: None };
        for grant in candidates {
            match self.is_covered_by(grant) {
                Ok(true) => covering.grants.push(grant),
                Ok(false) => {}
                Err(error) => covering.unknown = Some(error),
            }
        }
        covering
    }

    fn is_covered_by(&self, grant: &Grant) -> Result<bool, NetworkError> {
        let Target { scheme, host, port, method, path } = self.target;
        if *scheme != Scheme::Tcp && !(grant.covers_method(method) && grant.covers_path(path)) {
            return Ok(false);
        }
        let by_scheme = grant.schemes.contains(scheme) && grant.covers_port(*scheme, *port);
        let mut unknown = None;
        for pattern in &grant.hosts {
            let covered = match (pattern, host) {
                (HostPattern::Setting(key), _) => self.is_named_by_setting(key, by_scheme),
                _ if !by_scheme => false,
                // The call is refused in any case, and the inventory is not read for that: this may be the ask that it is about.
                (HostPattern::Inventory(_), _) if self.rights.grant_nothing() => true,
                (HostPattern::Inventory(field), host) => self.inventory.names(field, host).unwrap_or_else(|error| {
                    unknown = Some(error);
                    false
                }),
                (HostPattern::Network(network), Host::Ipv4(address)) => network.contains(&IpAddr::V4(*address)),
                (HostPattern::Network(network), Host::Ipv6(address)) => network.contains(&IpAddr::V6(*address)),
                (pattern, Host::Domain(name)) => pattern.covers_name(name),
                _ => false,
            };
            if covered {
                return Ok(true);
            }
        }
        unknown.map_or(Ok(false), Err)
    }

    /// A setting that is an address says scheme and port itself.
    fn is_named_by_setting(&self, key: &str, by_scheme: bool) -> bool {
        let mut named = self.rights.settings.get(key).into_iter().flatten();
        named.any(|named| named.covers(self.target, by_scheme))
    }
}

/// The special addresses that a grant opens: those it says are `private`, and those it names as hosts.
fn private_of(grant: &Grant) -> impl Iterator<Item = IpNet> {
    let named = grant.hosts.iter().filter_map(|host| match host {
        HostPattern::Network(network) => Some(*network).filter(lies_in_special),
        _ => None,
    });
    grant.private.iter().copied().chain(named)
}

impl Permit {
    /// Whether all addresses of the host may be connected to. One that may not refuses the call: which of them a connection takes is chance.
    pub(super) fn check_addresses(&self, rights: &Rights, target: &Target, addresses: &[IpAddr]) -> Result<(), NetworkError> {
        for address in addresses.iter().copied().map(unwrapped) {
            if let Some(range) = special(address)
                && !self.private.iter().any(|network| network.contains(&address))
            {
                let (rule, host) = (&rights.rule, &self.host);
                let is = if *host == address.to_string() { String::new() } else { format!("{host} is {address}, ") };
                return Err(NetworkError::denied(format!(
                    "rule {rule} asked for {target}, but {is}{}, which a grant has to name itself: \
                     add \"private\": [\"{address}\"] to the grant of {host} in \"grants.{rule}\"",
                    range.what
                )));
            }
        }
        Ok(())
    }
}

fn not_asked(rights: &Rights, target: &Target) -> NetworkError {
    let rule = &rights.rule;
    NetworkError::denied(format!(
        "rule {rule} asked for {target}, which its manifest does not ask for: whatever is granted, its author has to add it to `grants` of the manifest"
    ))
}

fn not_granted(rights: &Rights, target: &Target, asked: Option<&Grant>) -> NetworkError {
    let rule = &rights.rule;
    let line = asked.map_or_else(|| target.as_grant(), |ask| Grant { credential: None, ..ask.clone() });
    NetworkError::denied(format!("rule {rule} asked for {target}, which is not granted; {}", rights.how_to_grant(line)))
}
