//! What a rule says about itself: who it is, what it reads, which settings it takes, what it would like to reach and why. It is read from the
//! rule's file without running anything of it, and it is a claim: it narrows what the rule gets and never widens what the operator grants.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::alert::Severity;
pub use crate::port_range::{InvalidPortRange, PortRange};

/// Everything that a rule says about itself.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// One line. An alert without a title gets `<title>: <id>`.
    pub title: String,
    /// What it finds, and why that matters.
    #[serde(default)]
    pub description: Option<String>,
    /// The severity of alerts that have none.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// What to do about an alert.
    #[serde(default)]
    pub remediation: Option<String>,
    /// Addresses of pages to read.
    #[serde(default)]
    pub references: Vec<String>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The collections that it reads, with dots (`aws.securityGroups`). None: what a rule without a manifest may read.
    #[serde(default)]
    pub collections: Option<BTreeSet<String>>,
    /// The JSON Schema of its settings.
    #[serde(default)]
    pub settings: Option<Value>,
    /// What it would like to reach.
    #[serde(default)]
    pub grants: Vec<AskedGrant>,
    /// Which of its settings are secrets for the host, by the name that [`AskedGrant::credential`] uses.
    #[serde(default)]
    pub credentials: BTreeMap<String, DeclaredCredential>,
}

/// Something that a rule would like to reach, as it writes it. What is left out stands for what it does in a grant of the operator.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AskedGrant {
    /// Why.
    pub reason: String,
    /// `http`, `https`, `tcp`. Empty: `https`.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// Names, `*.suffix`, addresses, CIDRs, `inventory:<collection>.<field>`, `setting:<key>`. At least one.
    pub hosts: Vec<String>,
    /// Empty: those of the schemes.
    #[serde(default)]
    pub ports: Vec<PortRange>,
    /// Empty: GET and HEAD.
    #[serde(default)]
    pub methods: Vec<String>,
    /// How the path begins. None: any.
    #[serde(default)]
    pub path: Option<String>,
    /// The credential that signs its requests: one of [`Manifest::credentials`].
    #[serde(default)]
    pub credential: Option<String>,
}

/// Settings of a rule that are a credential: the host takes them out before the rule gets the rest.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct DeclaredCredential {
    /// What kind it is.
    pub kind: CredentialKind,
    /// The key of the rule's settings for each field of the credential, as in `"token": "api_token"`.
    pub settings: BTreeMap<String, String>,
}

/// What signs requests, and how.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// AWS Signature Version 4.
    Aws,
    /// Chef's X-Ops headers.
    Chef,
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
}
