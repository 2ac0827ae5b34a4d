//! Mistakes that come out after the config was read, when files and rules were looked at, and their places in the config all the same.

use super::mistake::{Mistake, Position};
use super::reader::{Entry, read_document};
use super::rules::ConfiguredRule;
use super::{Settings, SettingsError};

impl Settings {
    /// Something wrong with `credentials.<name>`.
    pub fn wrong_credential(&self, name: &str, message: String) -> Mistake {
        self.wrong_section("credentials", name, message)
    }

    /// Something wrong with the settings of a rule.
    pub fn wrong_rule_settings(&self, rule: &ConfiguredRule, message: String) -> Mistake {
        self.wrong_section("plugin", rule.section.as_str(), message)
    }

    /// Refuses the settings for these mistakes, if there are any.
    ///
    /// # Errors
    /// All of them, in the order of the file.
    pub fn refuse(&self, mistakes: Vec<Mistake>) -> Result<(), SettingsError> {
        SettingsError::unless_empty(&self.file, mistakes)
    }

    fn wrong_section(&self, kind: &str, name: &str, message: String) -> Mistake {
        let nowhere = Mistake { position: Position { line: 1, column: 1 }, key: format!("{kind}.{name}"), message: String::new() };
        let found = read_document(self.text.as_str(), |root| Some(section(root, kind, name)?.wrong_key("")));
        Mistake { message, ..found.ok().flatten().unwrap_or(nowhere) }
    }
}

/// `<kind>.<name>` at the top, or `<name>` in `<kind>`.
pub(super) fn section<'a>(root: &Entry<'a>, kind: &str, name: &str) -> Option<Entry<'a>> {
    let member = |entry: &Entry<'a>, wanted: &str| entry.object().ok()?.into_iter().find(|member| member.name() == wanted);
    member(root, &format!("{kind}.{name}")).or_else(|| member(&member(root, kind)?, name))
}
