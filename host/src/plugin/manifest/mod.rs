//! What a rule says about itself: who it is, what it reads, which settings it takes, what it would like to reach and why. It is read from the
//! rule's file without running anything of it, and it is a claim: it narrows what the rule gets and never widens what the operator grants.

mod checks;
mod credential_field;
mod error;
mod reading;
mod section;
pub mod settings_schema;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

pub use self::credential_field::CredentialField;
pub use self::error::ManifestError;
#[cfg(feature = "sandbox")]
pub(crate) use self::section::SECTION;
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

impl Manifest {
    /// The manifest in the bytes of a component. None: the rule has none.
    ///
    /// # Errors
    /// There is one and it cannot be used. A rule with such a manifest is refused: what it says might have restricted the rule.
    pub fn of_component(component: &[u8]) -> Result<Option<Self>, ManifestError> {
        section::text(component)?.map(reading::read).transpose()
    }

    /// The text of that manifest, as it stands there; in a core module too.
    ///
    /// # Errors
    /// There are several, or what is there is no text.
    pub fn text_of(component: &[u8]) -> Result<Option<&str>, ManifestError> {
        section::text(component)
    }

    /// The manifest in a file of its own.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, ManifestError> {
        reading::read(section::read(bytes)?)
    }

    /// Whether the rule may read the collection of that name, which may stand behind the name of an account. None: the manifest does not say.
    pub fn lists(&self, collection: &str) -> Option<bool> {
        let listed =
            |name: &String| collection.strip_suffix(name.as_str()).is_some_and(|account| account.is_empty() || account.ends_with('.'));
        Some(self.collections.as_ref()?.iter().any(listed))
    }
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
    /// Whether the rule is of use without it. One that needs a grant is not run before somebody sets it up.
    #[serde(default)]
    pub optional: bool,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_is_listed_under_every_account_and_no_other_name() {
        let read = |text: &str| reading::read(text).expect("a manifest");
        let manifest = read(r#"{"title": "x", "collections": ["aws/instances"]}"#);
        for (collection, listed) in [
            ("aws.instances", true),
            ("prod.eu-west-1.aws.instances", true),
            ("view.instances", false),
            ("xaws.instances", false),
            ("aws.instances.x", false),
        ] {
            assert_eq!(manifest.lists(collection), Some(listed), "{collection}");
        }
        assert_eq!(read(r#"{"title": "x"}"#).lists("aws.instances"), None);
        assert_eq!(read(r#"{"title": "x", "collections": []}"#).lists("aws.instances"), Some(false));
    }
}
