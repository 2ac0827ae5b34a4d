//! What a credential of each kind is made of: one table for manifests, the config and what is said about them.

use super::CredentialKind;

/// A field of a credential, as a manifest and the config name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialField {
    /// Its name.
    pub name: &'static str,
    /// Whether there is no credential without it.
    pub required: bool,
    /// Whether it is a secret. Then a manifest may also name a setting that holds the path of a file: `<name>-file`.
    pub secret: bool,
}

impl CredentialField {
    /// `key`, and `key-file` when it is a secret.
    pub fn names(self) -> impl Iterator<Item = String> {
        [Some(self.name.to_owned()), self.secret.then(|| format!("{}-file", self.name))].into_iter().flatten()
    }
}

const fn field(name: &'static str, required: bool, secret: bool) -> CredentialField {
    CredentialField { name, required, secret }
}

impl CredentialKind {
    /// What a credential of this kind is made of.
    pub fn fields(self) -> &'static [CredentialField] {
        match self {
            Self::Aws => {
                const { &[field("access-key", true, false), field("secret-key", true, true), field("session-token", false, true)] }
            }
            Self::Chef => const { &[field("user", true, false), field("key", true, true), field("version", false, false)] },
            Self::Bearer => const { &[field("token", true, true)] },
            Self::Basic => const { &[field("user", true, false), field("password", true, true)] },
        }
    }
}
