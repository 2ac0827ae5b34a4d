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
pub enum CredentialName {
    /// `credentials.<name>` of the config.
    Configured(String),
    /// One that the manifest declares, made of the rule's own settings.
    Declared(String),
}

/// Allows the call, or says why not and what to add to the config.
pub(super) fn decide(rights: &Rights, inventory: &NamedByInventory, target: &Target) -> Result<Permit, NetworkError> {
    let covering = |grants: &mut dyn Iterator<Item = &'_ Grant>| covering(grants, rights, inventory, target);
    let (asked, ask_unknown) = covering(&mut rights.asked.iter().flatten().map(|ask| &ask.grant));
    if rights.asked.is_some() && asked.is_empty() {
        return Err(ask_unknown.unwrap_or_else(|| not_asked(rights, target)));
    }
    let (granted, unknown) = covering(&mut rights.granted.iter());
    let (as_asked, also_unknown) = covering(&mut rights.as_asked.iter());
    if granted.is_empty() && as_asked.is_empty() {
        let asked = asked.first().copied();
        return Err(unknown.or(also_unknown).unwrap_or_else(|| not_granted(rights, target, asked)));
    }
    let named = granted.iter().find_map(|grant| grant.credential.clone().map(CredentialName::Configured));
    let declared = || asked.iter().find_map(|ask| ask.credential.clone().map(CredentialName::Declared));
    Ok(Permit {
        private: granted.iter().flat_map(|grant| private_of(grant)).collect(),
        credential: named.or_else(declared),
        authorities: granted.iter().find_map(|grant| grant.authorities.clone()),
        host: target.host.to_string(),
    })
}

/// The grants that cover the call; and why some might that are not among them.
fn covering<'a>(
    grants: &mut dyn Iterator<Item = &'a Grant>,
    rights: &Rights,
    inventory: &NamedByInventory,
    target: &Target,
) -> (Vec<&'a Grant>, Option<NetworkError>) {
    let (mut covering, mut unknown) = (Vec::new(), None);
    for grant in grants {
        match covers(grant, rights, inventory, target) {
            Ok(true) => covering.push(grant),
            Ok(false) => {}
            Err(error) => unknown = Some(error),
        }
    }
    (covering, unknown)
}

fn covers(grant: &Grant, rights: &Rights, inventory: &NamedByInventory, target: &Target) -> Result<bool, NetworkError> {
    let web = target.scheme == Scheme::Tcp || (grant.covers_method(&target.method) && grant.covers_path(&target.path));
    if !web {
        return Ok(false);
    }
    let by_scheme = grant.schemes.contains(&target.scheme) && grant.covers_port(target.scheme, target.port);
    let mut unknown = None;
    for pattern in &grant.hosts {
        let covered = match (pattern, &target.host) {
            (HostPattern::Setting(key), _) => by_setting(rights, key, target, by_scheme),
            _ if !by_scheme => false,
            (HostPattern::Inventory(field), host) => inventory.names(field, host).unwrap_or_else(|error| {
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
fn by_setting(rights: &Rights, key: &str, target: &Target, by_scheme: bool) -> bool {
    let named = rights.settings.get(key).into_iter().flatten();
    named.filter_map(|named| named.matches(target)).any(|as_said| as_said.unwrap_or(by_scheme))
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
    let nothing_yet = rights.granted.is_empty() && rights.as_asked.is_empty();
    let advice = if nothing_yet {
        format!("to allow it, add to the config: \"grants.{rule}\": [{line}]")
    } else {
        format!("to allow it, add {line} to the list \"grants.{rule}\" in the config")
    };
    NetworkError::denied(format!("rule {rule} asked for {target}, which is not granted; {advice}"))
}
