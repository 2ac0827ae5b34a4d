//! What an operator allows, and how much of S3 is looked at.

use std::collections::BTreeMap;

use reddalert_sdk::Pattern;
use serde::Deserialize;

use crate::access_list::{Grant, Grantee};

/// What an operator can set.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Which share of the buckets, prefixes and objects of each level is looked at, from 0 to 1.
    pub(crate) visit_probability: f64,
    /// How many of each level at most; one less for each level down.
    pub(crate) visit_max: u32,
    /// Whether everything is looked at instead.
    pub(crate) visit: Visit,
    /// Makes the choice the same in every run.
    pub(crate) seed: Option<u64>,
    /// Buckets that are not looked at.
    excluded_buckets: Vec<Pattern>,
    /// Objects that are not looked at, as `bucket:key`.
    excluded_keys: Vec<Pattern>,
    /// Who may do what everywhere.
    allowed: Vec<Allowed>,
    /// Who may do what in one bucket.
    allowed_specific: BTreeMap<String, Vec<Allowed>>,
    /// Another server than AWS's.
    pub(crate) endpoint: String,
}

/// How much is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Visit {
    /// A few, chosen at random.
    #[default]
    Sample,
    /// Everything.
    All,
}

/// A permission for a user or a group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    uid: Option<String>,
    gid: Option<String>,
    op: String,
}

impl Default for Settings {
    fn default() -> Self {
        let (visit, seed, excluded_buckets, excluded_keys, allowed, allowed_specific, endpoint) = Default::default();
        Self { visit_probability: 0.1, visit_max: 5, visit, seed, excluded_buckets, excluded_keys, allowed, allowed_specific, endpoint }
    }
}

impl Settings {
    pub(crate) fn excludes_bucket(&self, bucket: &str) -> bool {
        self.excluded_buckets.iter().any(|pattern| pattern.is_at_start(bucket))
    }

    /// `name` is `bucket:key`.
    pub(crate) fn excludes_object(&self, name: &str) -> bool {
        self.excluded_keys.iter().any(|pattern| pattern.is_at_start(name))
    }

    pub(crate) fn allows(&self, bucket: &str, grant: &Grant) -> bool {
        let specific = self.allowed_specific.get(bucket).into_iter().flatten();
        self.allowed.iter().chain(specific).any(|allowed| allowed.covers(grant))
    }
}

impl Allowed {
    /// A grantee without an id is called `*`.
    fn covers(&self, grant: &Grant) -> bool {
        self.op == grant.permission
            && match &grant.grantee {
                Grantee::Group(uri) => self.gid.as_ref() == Some(uri),
                Grantee::User(id) => self.uid.as_deref() == Some(id),
                Grantee::Unnamed => self.uid.as_deref() == Some("*"),
            }
    }
}
