//! The credentials that a rule's manifest declares among the rule's own settings: keys of `plugin.<rule>` that the host takes out.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::mistake::Mistake;
use super::super::reader::Entry;
use super::super::secret::Secret;
use super::CredentialSettings;
use super::reading::of_fields;
use crate::plugin::manifest::{CredentialField, DeclaredCredential};

/// What became of a declared credential.
pub(in super::super) enum Declared {
    /// It is there.
    Complete(CredentialSettings),
    /// These keys of the rule's settings are missing, so there is no credential.
    Missing(Vec<String>),
}

impl Declared {
    /// Reads the credential from the `members` of a rule's section. Relative files are taken from `directory`.
    pub(in super::super) fn read(declared: &DeclaredCredential, members: &[Entry<'_>], directory: &Path) -> Result<Self, Mistake> {
        let (mut fields, mut missing) = (BTreeMap::new(), Vec::new());
        for field in declared.kind.fields() {
            let Some((name, key)) = field.names().find_map(|name| declared.settings.get_key_value(&name)) else { continue };
            match members.iter().find(|member| member.name() == key) {
                Some(entry) => drop(fields.insert(field.name, (read_field(*field, name, entry, directory)?, entry.clone()))),
                None if field.required => missing.push(key.clone()),
                None => {}
            }
        }
        if missing.is_empty() { of_fields(declared.kind, fields).map(Self::Complete) } else { Ok(Self::Missing(missing)) }
    }
}

fn read_field(field: CredentialField, name: &str, entry: &Entry<'_>, directory: &Path) -> Result<Secret, Mistake> {
    if name == field.name { Secret::read(entry, directory) } else { Secret::read_file(entry, directory) }
}
