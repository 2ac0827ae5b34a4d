//! One section `outputs.<name>`, read key by key. Whatever is wrong is collected, so that one look at the file is enough.

use std::path::Path;

use super::kind::OutputKind;
use crate::settings::mistake::Mistake;
use crate::settings::reader::Entry;
use crate::settings::suggestion::did_you_mean;

/// The keys of one output.
pub(super) struct OutputSection<'a, 'm> {
    /// Where relative files begin.
    pub(super) directory: &'a Path,
    /// The kind of the output.
    pub(super) kind: OutputKind,
    section: &'a Entry<'a>,
    entries: Vec<Entry<'a>>,
    mistakes: &'m mut Vec<Mistake>,
}

impl<'a, 'm> OutputSection<'a, 'm> {
    /// Refuses the keys that this kind does not have.
    pub(super) fn new(section: &'a Entry<'a>, kind: OutputKind, directory: &'a Path, mistakes: &'m mut Vec<Mistake>) -> Self {
        let entries = section.object().unwrap_or_default();
        for entry in entries.iter().filter(|entry| !kind.keys().any(|key| key == entry.name())) {
            let keys: Vec<&str> = kind.keys().collect();
            let suggestion = did_you_mean(entry.name(), keys.iter().copied());
            let name = kind.name();
            mistakes
                .push(entry.wrong_key(format!("an output of the kind `{name}` has no such key{suggestion} (keys: {})", keys.join(", "))));
        }
        Self { directory, kind, section, entries, mistakes }
    }

    /// The value of a key; none when it is absent or wrong.
    pub(super) fn take<T>(&mut self, key: &str, read: impl FnOnce(&Entry<'_>, &Path) -> Result<T, Mistake>) -> Option<T> {
        let entry = self.entries.iter().find(|entry| entry.name() == key)?;
        read(entry, self.directory).map_err(|mistake| self.mistakes.push(mistake)).ok()
    }

    /// Whether the key is there, rightly or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.name() == key)
    }

    /// Something wrong with the value of `key`, or with the whole section when the key is not there.
    pub(super) fn wrong(&mut self, key: &str, message: impl Into<String>) {
        let entry = self.entries.iter().find(|entry| entry.name() == key).unwrap_or(self.section);
        self.mistakes.push(entry.wrong_value(message));
    }

    /// Refuses a key that makes no sense without another one, or beside it.
    pub(super) fn refuse(&mut self, key: &str, when: bool, message: &str) {
        if when && self.has(key) {
            self.wrong(key, message);
        }
    }
}
