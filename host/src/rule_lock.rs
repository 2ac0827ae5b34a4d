//! The lock file: which rules may run, down to the last byte, and what each could ask for when somebody looked at it. It is meant to be kept beside the
//! config, under version control: sorted, one fact a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rule_name::RuleName;
use crate::visible_text::visible;

/// The version of the format.
const VERSION: u32 = 1;
/// The lock file of a config that names none, beside the config.
pub const DEFAULT_NAME: &str = "reddalert.lock";

/// What the file says.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleLock {
    #[serde(rename = "reddalert-lock")]
    version: u32,
    /// By the name of the rule's file.
    pub rules: BTreeMap<RuleName, PinnedRule>,
}

/// A rule as it was when somebody looked at it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedRule {
    /// Of the file: 64 hexadecimal digits.
    pub sha256: String,
    /// The interfaces that it can call.
    pub imports: BTreeSet<String>,
    /// The collections that its manifest lists. None: it does not say, so it reads all but sensitive ones.
    pub collections: Option<BTreeSet<String>>,
    /// What its manifest asks to reach, each as a grant of the config would be written; sorted by that.
    pub grants: Vec<Value>,
}

/// Why a lock file cannot be used, or not be written.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The config names it and it is not there.
    #[error("the lock file {} is not there; `reddalert lock` writes it", .0.display())]
    Absent(PathBuf),
    /// The operating system says no.
    #[error("cannot read the lock file {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// It is no JSON of the right shape.
    #[error("the lock file {} cannot be understood; write it again with `reddalert lock`", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Where.
        #[source]
        source: serde_json::Error,
    },
    /// A later reddalert wrote it.
    #[error("the lock file {} has version {version}; this reddalert understands {VERSION}", file.display())]
    OtherVersion {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The operating system says no.
    #[error("cannot write the lock file {}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

impl RuleLock {
    /// Pins these rules.
    pub fn new(rules: BTreeMap<RuleName, PinnedRule>) -> Self {
        Self { version: VERSION, rules }
    }

    /// Reads a lock file. None: there is none.
    pub fn read(file: &Path) -> Result<Option<Self>, LockError> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(LockError::Unreadable { file: file.to_owned(), source }),
        };
        let lock: Self = serde_json::from_str(&text).map_err(|source| LockError::Damaged { file: file.to_owned(), source })?;
        if lock.version == VERSION { Ok(Some(lock)) } else { Err(LockError::OtherVersion { file: file.to_owned(), version: lock.version }) }
    }

    /// Writes it in one step: whoever reads at the same time gets the old one or the new one.
    pub fn write(&self, file: &Path) -> Result<(), LockError> {
        let write = || {
            let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut new = tempfile::Builder::new().permissions(readable_by_all()).tempfile_in(directory)?;
            new.write_all(format!("{}\n", serde_json::to_string_pretty(self)?).as_bytes())?;
            new.as_file().sync_all()?;
            new.persist(file).map(drop).map_err(io::Error::from)
        };
        write().map_err(|source| LockError::Unwritable { file: file.to_owned(), source })
    }
}

fn readable_by_all() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o644)
}

impl PinnedRule {
    /// What is different about the rule as it is `now`: a phrase each. None at all: it is the same.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut found = Vec::new();
        differ(&mut found, &self.imports, &now.imports, ("it imports", "it no longer imports"));
        let (before, after) = (texts(&self.grants), texts(&now.grants));
        differ(&mut found, &before, &after, ("it asks for", "it no longer asks for"));
        match (&self.collections, &now.collections) {
            (Some(before), Some(after)) => differ(&mut found, before, after, ("it reads", "it no longer reads")),
            (Some(_), None) => found.push("it no longer says which collections it reads, so it may read nearly all".to_owned()),
            (None, Some(_)) => found.push("it says now which collections it reads".to_owned()),
            (None, None) => {}
        }
        if self.sha256 != now.sha256 {
            found.push(format!("its SHA-256 is {}, and {} is pinned", now.sha256, visible(&self.sha256)));
        }
        found
    }
}

fn texts(grants: &[Value]) -> BTreeSet<String> {
    grants.iter().map(ToString::to_string).collect()
}

fn differ(found: &mut Vec<String>, before: &BTreeSet<String>, after: &BTreeSet<String>, (gained, lost): (&str, &str)) {
    for (phrase, some) in [(gained, after - before), (lost, before - after)] {
        if !some.is_empty() {
            let list: Vec<_> = some.iter().map(|text| visible(text)).collect();
            found.push(format!("{phrase} {}", list.join(", ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule() -> PinnedRule {
        PinnedRule {
            sha256: "a".repeat(64),
            imports: ["reddalert:rule/edda@1.0.0".to_owned()].into(),
            collections: Some(["aws.loadBalancers".to_owned()].into()),
            grants: vec![json!({"hosts": ["a.example"]})],
        }
    }

    #[test]
    fn a_lock_is_written_and_read_and_looks_the_same_every_time() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("reddalert.lock");
        assert_eq!(RuleLock::read(&file).expect("no lock"), None);
        let lock = RuleLock::new(["b", "a"].map(|name| (name.parse().expect("a rule name"), rule())).into());
        lock.write(&file).expect("written");
        assert_eq!(RuleLock::read(&file).expect("a lock"), Some(lock.clone()));
        let text = fs::read_to_string(&file).expect("text");
        assert!(text.starts_with("{\n  \"reddalert-lock\": 1,\n  \"rules\": {\n    \"a\": {\n      \"sha256\""), "{text}");
        lock.write(&file).expect("written");
        assert_eq!(fs::read_to_string(&file).expect("text"), text);
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("reddalert.lock");
        for text in ["", "{}", "[]", r#"{"reddalert-lock": 1, "rules": {"a": {}}}"#, r#"{"reddalert-lock": 1, "rules": {}, "x": 1}"#] {
            fs::write(&file, text).expect("a file");
            assert!(matches!(RuleLock::read(&file), Err(LockError::Damaged { .. })), "{text}");
        }
        fs::write(&file, r#"{"reddalert-lock": 2, "rules": {}}"#).expect("a file");
        assert!(matches!(RuleLock::read(&file), Err(LockError::OtherVersion { version: 2, .. })));
        assert!(matches!(RuleLock::read(directory.path()), Err(LockError::Unreadable { .. })));
    }

    #[test]
    fn every_difference_is_said() {
        assert_eq!(rule().differences(&rule()), Vec::<String>::new());
        let mut now = rule();
        now.sha256 = "b".repeat(64);
        now.imports = ["reddalert:rule/http@1.0.0".to_owned()].into();
        now.collections = None;
        now.grants = vec![json!({"hosts": ["\u{1b}[2J"]})];
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        assert_eq!(
            rule().differences(&now),
            [
                "it imports reddalert:rule/http@1.0.0",
                "it no longer imports reddalert:rule/edda@1.0.0",
                r#"it asks for {"hosts":["\u001b[2J"]}"#,
                r#"it no longer asks for {"hosts":["a.example"]}"#,
                "it no longer says which collections it reads, so it may read nearly all",
                &format!("its SHA-256 is {b}, and {a} is pinned"),
            ]
        );
        now.collections = Some(["aws.launchConfigurations".to_owned()].into());
        assert!(rule().differences(&now).contains(&"it reads aws.launchConfigurations".to_owned()));
    }
}
