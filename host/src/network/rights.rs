//! What one rule may reach: what the operator grants to it, and what its manifest asks for.

use std::collections::BTreeMap;

use super::named_hosts::NamedBySetting;
use crate::credentials::RuleCredentials;
use crate::json_value::AnyJson;
use crate::plugin::manifest::{AskedGrant, Manifest};
use crate::rule_name::RuleName;
use crate::settings::grants::{Grant, Grants, HostPattern, Scheme, method, path};

/// Something that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Why, in the words of the rule's author.
    pub reason: String,
    /// What. Its credential is one that the manifest declares.
    pub grant: Grant,
}

/// What one rule may reach.
#[derive(Clone, Debug)]
pub struct Rights {
    pub(super) rule: RuleName,
    /// What the operator wrote down himself.
    pub(super) granted: Vec<Grant>,
    /// What is granted because it is asked for.
    pub(super) as_asked: Vec<Grant>,
    /// None: the rule has no manifest, and what is granted is enough.
    pub(super) asked: Option<Vec<Ask>>,
    /// What the rule's own settings name, for each key that a grant refers to.
    pub(super) settings: BTreeMap<String, Vec<NamedBySetting>>,
    /// What requests can be signed with.
    pub(super) credentials: RuleCredentials,
}

/// A manifest asks for what no grant can be.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("its manifest asks for a grant that cannot be (number {number} of `grants`): {reason}")]
pub struct InvalidAsk {
    /// Which one, from 1.
    pub number: usize,
    /// What is wrong.
    pub reason: String,
}

impl Rights {
    /// Brings together what is said about a rule; `settings` is what the rule is given as its own, as JSON.
    pub fn new(rule: &RuleName, grants: &Grants, asks: Option<&[Ask]>, settings: &str, credentials: RuleCredentials) -> Self {
        let asked = asks.map(<[Ask]>::to_vec);
        let as_asked = asked.iter().flatten().filter(|_| grants.as_asked).map(|ask| ask.grant.clone()).collect();
        let mut rights = Self { rule: rule.clone(), granted: grants.list.clone(), as_asked, asked, settings: BTreeMap::new(), credentials };
        // A rule's settings are always JSON; where they are not, no host is named by them.
        let settings = serde_json::from_str::<AnyJson>(settings).map(|json| json.0).unwrap_or_default();
        let keys = rights.patterns().filter_map(|pattern| match pattern {
            HostPattern::Setting(key) => Some((key.clone(), NamedBySetting::read(&settings, key))),
            _ => None,
        });
        rights.settings = keys.collect();
        rights
    }

    /// How the operator allows what is not granted yet: the line to add to the config.
    pub(super) fn how_to_grant(&self, what: Grant) -> String {
        how_to_grant(&self.rule, self.grant_nothing(), &[what])
    }

    /// Whether no call at all can be allowed.
    pub(super) fn grant_nothing(&self) -> bool {
        self.granted.is_empty() && self.as_asked.is_empty()
    }

    /// All hosts of all grants and asks.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &HostPattern> + Clone {
        let asked = self.asked.iter().flatten().map(|ask| &ask.grant);
        self.granted.iter().chain(&self.as_asked).chain(asked).flat_map(|grant| &grant.hosts)
    }
}

/// What to add to the config, or to a list that is there already, to grant `what`.
pub fn how_to_grant(rule: &RuleName, nothing_yet: bool, what: &[Grant]) -> String {
    let grants = what.iter().map(Grant::to_string).collect::<Vec<_>>().join(", ");
    if nothing_yet {
        format!("to allow it, add to the config: \"grants.{rule}\": [{grants}]")
    } else {
        format!("to allow it, add {grants} to the list \"grants.{rule}\" in the config")
    }
}

/// What is asked for and not granted: for each ask what it lacks, as a grant that would give it.
pub fn lacking(grants: &Grants, asks: &[Ask]) -> Vec<Grant> {
    if grants.as_asked {
        return Vec::new();
    }
    let lacks = |ask: &Ask| {
        let alone = |host: &HostPattern| Grant { hosts: vec![host.clone()], ..ask.grant.clone() };
        let is_granted = |host: &HostPattern| grants.list.iter().any(|grant| grant.covers(&alone(host)));
        let hosts: Vec<_> = ask.grant.hosts.iter().filter(|host| !is_granted(host)).cloned().collect();
        (!hosts.is_empty()).then(|| Grant { hosts, credential: None, ..ask.grant.clone() })
    };
    asks.iter().filter_map(lacks).collect()
}

/// The grants of the operator for hosts that are not asked for: they allow nothing.
pub fn unused<'a>(grants: &'a Grants, asks: &[Ask]) -> Vec<&'a Grant> {
    grants.list.iter().filter(|grant| !asks.iter().any(|ask| grant.shares_hosts_with(&ask.grant))).collect()
}

/// What a manifest asks for, as grants.
///
/// # Errors
/// One of them is none.
pub fn asks(manifest: &Manifest) -> Result<Vec<Ask>, InvalidAsk> {
    let ask = |(index, asked): (usize, &AskedGrant)| match grant(asked) {
        Ok(grant) => Ok(Ask { reason: asked.reason.clone(), grant }),
        Err(reason) => Err(InvalidAsk { number: index + 1, reason }),
    };
    manifest.grants.iter().enumerate().map(ask).collect()
}

fn grant(asked: &AskedGrant) -> Result<Grant, String> {
    let default = Grant::default();
    let hosts = asked.hosts.iter().map(|host| host.parse().map_err(|error| format!("`{}`: {error}", host.escape_debug())));
    let scheme = |name: &String| Scheme::named(name).ok_or_else(|| format!("`{}` is no scheme", name.escape_debug()));
    let grant = Grant {
        schemes: or(default.schemes, asked.schemes.iter().map(scheme).collect::<Result<_, _>>()?),
        hosts: hosts.collect::<Result<_, String>>()?,
        ports: Some(asked.ports.clone()).filter(|ports| !ports.is_empty()),
        methods: or(default.methods, asked.methods.iter().map(|name| method(name)).collect::<Result<_, _>>()?),
        path: asked.path.as_deref().map(path).transpose()?,
        credential: asked.credential.clone(),
        ..Grant::default()
    };
    grant.incomplete().map_or(Ok(grant), |missing| Err(missing.to_owned()))
}

fn or<T>(default: Vec<T>, said: Vec<T>) -> Vec<T> {
    if said.is_empty() { default } else { said }
}
