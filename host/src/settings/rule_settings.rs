//! What a rule's manifest makes of the rule's section of the config: the keys that are credentials are taken out, the rest is checked
//! against the schema, and all before anything runs.

use std::path::Path;

use super::credentials::Declared;
use super::mistake::{Mistake, Position, Warning};
use super::places::section;
use super::reader::{Entry, read_document};
use super::rules::ConfiguredRule;
use super::secret::names_a_secret;
use super::{Settings, SettingsError};
use crate::plugin::manifest::Manifest;
use crate::plugin::manifest::settings_schema::{Step, Violation, violations};

impl Settings {
    /// Takes the credentials out of the settings of `rules`, and checks what is left. Each rule comes with its manifest, if it has one.
    ///
    /// # Errors
    /// All mistakes in the sections of these rules, with their places.
    pub fn apply_manifests<'a>(
        &self,
        rules: impl IntoIterator<Item = (&'a mut ConfiguredRule, Option<&'a Manifest>)>,
    ) -> Result<Vec<Warning>, SettingsError> {
        let (mut mistakes, mut warnings) = (Vec::new(), Vec::new());
        let read = read_document(self.text.as_str(), |root| {
            for (rule, manifest) in rules {
                let entry = section(root, "plugin", rule.section.as_str());
                Section::of(rule, entry.as_ref(), &self.directory()).apply(rule, manifest, &mut mistakes, &mut warnings);
            }
        });
        mistakes.extend(read.err());
        SettingsError::unless_empty(&self.file, mistakes)?;
        Ok(warnings.into_iter().map(|mistake| Warning { file: self.file.clone(), mistake }).collect())
    }
}

/// The section of one rule. A rule that the config says nothing about has one without members.
struct Section<'a> {
    entry: Option<&'a Entry<'a>>,
    members: Vec<Entry<'a>>,
    key: String,
    directory: &'a Path,
}

impl<'a> Section<'a> {
    fn of(rule: &ConfiguredRule, entry: Option<&'a Entry<'a>>, directory: &'a Path) -> Self {
        let members = entry.and_then(|entry| entry.object().ok()).unwrap_or_default();
        Self { entry, members, key: format!("plugin.{}", rule.section), directory }
    }

    fn apply(&self, rule: &mut ConfiguredRule, manifest: Option<&Manifest>, mistakes: &mut Vec<Mistake>, warnings: &mut Vec<Mistake>) {
        let mut taken = Vec::new();
        for (name, declared) in manifest.iter().flat_map(|manifest| &manifest.credentials) {
            taken.extend(declared.settings.values().map(String::as_str));
            match Declared::read(declared, &self.members, self.directory) {
                Ok(Declared::Complete(credential)) => drop(rule.credentials.insert(name.clone(), credential)),
                Ok(Declared::Missing(keys)) => warnings.push(self.mistake(without_credential(name, &keys))),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if let Some(settings) = rule.settings.as_object_mut() {
            settings.retain(|key, _| !taken.contains(&key.as_str()));
        }
        let left = self.members.iter().filter(|member| !taken.contains(&member.name()));
        left.for_each(|member| misplaced_secrets(member, mistakes));
        let Some(schema) = manifest.and_then(|manifest| manifest.settings.as_ref()) else { return };
        match violations(schema, &rule.settings, &taken) {
            Ok(violations) => mistakes.extend(violations.into_iter().map(|violation| self.violation(violation))),
            Err(error) => mistakes.push(self.mistake(format!("cannot be checked: {error}"))),
        }
    }

    /// Something about the section as a whole.
    fn mistake(&self, message: String) -> Mistake {
        let nowhere = Mistake { position: Position { line: 1, column: 1 }, key: self.key.clone(), message: String::new() };
        let place = self.entry.map_or(nowhere, |entry| entry.wrong_key(""));
        Mistake { message, ..place }
    }

    fn violation(&self, Violation { path, wrong_key, message }: Violation) -> Mistake {
        match self.find(&path) {
            Some(entry) if wrong_key => entry.wrong_key(message),
            Some(entry) => entry.wrong_value(message),
            None => self.mistake(message),
        }
    }

    fn find(&self, path: &[Step]) -> Option<Entry<'a>> {
        let step = |entry: Entry<'a>, step: &Step| match step {
            Step::Key(key) => entry.object().ok()?.into_iter().find(|member| member.name() == key),
            Step::Index(index) => entry.list().ok()?.into_iter().nth(*index),
        };
        path.iter().try_fold(self.entry?.clone(), step)
    }
}

fn without_credential(name: &str, keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("without {} the rule runs without its credential `{name}`", keys.join(" and "))
}

/// A rule sees its settings, so none of them may name a secret.
fn misplaced_secrets(entry: &Entry<'_>, mistakes: &mut Vec<Mistake>) {
    let inner = entry.object().or_else(|_| entry.list()).unwrap_or_default();
    if entry.object().is_ok() && names_a_secret(inner.iter().map(Entry::name)) {
        let what = "the rule would see this secret: `$file` and `$env` are for `credentials`, and for keys that the rule's manifest declares as a credential";
        mistakes.push(entry.wrong_value(what));
    }
    for inner in &inner {
        misplaced_secrets(inner, mistakes);
    }
}
