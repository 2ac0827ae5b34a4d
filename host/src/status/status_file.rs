//! The status file: the original's `since` and `plugin.<rule>` sections, plus our own key. What others wrote into it stays as it is. An
//! absent file is a first run; a damaged one is an error, never an empty status.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::durable_file;
use super::files::StatusFiles;
use super::own_key::{Moment, OwnKey, VERSION};
use crate::json_value::{AnyJson, Json};
use crate::rule_name::RuleName;
use crate::time_window::EpochMillis;

const OWN_KEY: &str = "reddalert";
const SINCE: &str = "since";
const SECTION: &str = "plugin.";

/// The status in memory. The default is that of a first run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatusFile {
    /// Everything but our own key.
    document: Map<String, Value>,
    pub(super) own: OwnKey,
}

/// Why the status cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The system refuses it.
    #[error("cannot read the status file `{}`; it must be a file that this user may read", file.display())]
    Unreadable {
        /// The status file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A directory, a device, ...
    #[error("the status file `{}` is no regular file; name another with `--statusfile`, or move it away", file.display())]
    NoFile {
        /// What was named.
        file: PathBuf,
    },
    /// Not JSON, or a wrong type.
    #[error(
        "the status file `{}` is damaged at line {line}, column {column}; restore it from a copy, or move it away to begin as at a first run, \
         which reports everything again",
        file.display()
    )]
    Damaged {
        /// The status file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// Written by a later release.
    #[error(
        "the status file `{}` has version {version} in its key `reddalert`, and this program knows version {VERSION}; \
         use the release that wrote it, or a later one",
        file.display()
    )]
    TooNew {
        /// The status file.
        file: PathBuf,
        /// What it says.
        version: u64,
    },
    /// The old one is still there, or, if only the directory could not be flushed, the new one.
    #[error("cannot write the status file `{}`; its directory must be writable and the disk must have room", file.display())]
    Unwritable {
        /// The status file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl StatusFile {
    /// Reads the status. Writes nothing and needs no lock.
    pub fn load(files: &StatusFiles) -> Result<Self, StatusError> {
        let file = || files.status().to_path_buf();
        let metadata = match std::fs::metadata(files.status()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            result => result.map_err(|source| StatusError::Unreadable { file: file(), source })?,
        };
        if !metadata.is_file() {
            return Err(StatusError::NoFile { file: file() });
        }
        let bytes = std::fs::read(files.status()).map_err(|source| StatusError::Unreadable { file: file(), source })?;
        if let Some(version) = version_of(&bytes).filter(|version| *version > VERSION) {
            return Err(StatusError::TooNew { file: file(), version });
        }
        serde_json::from_slice(&bytes).map_err(|source| {
            let (line, column) = (source.line().max(1), source.column().max(1));
            StatusError::Damaged { file: file(), line, column, source }
        })
    }

    /// Replaces the file as a whole. Only who holds the run lock may call this.
    pub(super) fn save(&self, files: &StatusFiles) -> Result<(), StatusError> {
        let unwritable = |source| StatusError::Unwritable { file: files.status().to_path_buf(), source };
        let mut bytes = Vec::new();
        let indented = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, indented)).map_err(|error| unwritable(error.into()))?;
        bytes.push(b'\n');
        durable_file::replace(files.status(), &bytes).map_err(unwritable)
    }

    /// Where a rule begins that has never been seen before. 0 at a first run.
    pub fn since(&self) -> EpochMillis {
        self.document.get(SINCE).and_then(|value| Moment::deserialize(value).ok()).map_or(0, |moment| moment.0)
    }

    /// Up to when a rule has looked: its own progress, else [`Self::since`].
    pub fn progress_of(&self, rule: &RuleName) -> EpochMillis {
        self.own.progress.get(rule).map_or_else(|| self.since(), |moment| moment.0)
    }

    /// What a rule remembers; empty for one that never remembered anything.
    pub fn section(&self, rule: &RuleName) -> Map<String, Value> {
        self.document.get(&section_key(rule)).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// An absent section stays absent while there is nothing to remember.
    pub(super) fn set_section(&mut self, rule: &RuleName, remembered: Map<String, Value>) {
        let key = section_key(rule);
        if !remembered.is_empty() || self.document.contains_key(&key) {
            self.document.insert(key, Value::Object(remembered));
        }
    }

    /// Nothing is remembered any more.
    pub(super) fn remove_section(&mut self, rule: &RuleName) {
        self.document.remove(&section_key(rule));
    }

    /// Forward only. What stays is kept in the form it was found in.
    pub(super) fn move_since(&mut self, until: EpochMillis) {
        if until > self.since() {
            self.document.insert(SINCE.to_owned(), until.into());
        }
    }
}

fn section_key(rule: &RuleName) -> String {
    format!("{SECTION}{rule}")
}

/// Read leniently and first: what a later version means by its other keys cannot be judged here.
fn version_of(bytes: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Document {
        reddalert: OnlyVersion,
    }
    #[derive(Deserialize)]
    struct OnlyVersion {
        version: u64,
    }
    serde_json::from_slice::<Document>(bytes).ok().map(|document| document.reddalert.version)
}

impl Serialize for StatusFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.document.len() + 1))?;
        map.serialize_entry(OWN_KEY, &self.own)?;
        for (key, value) in &self.document {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for StatusFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StatusVisitor)
    }
}

/// Checks the types while reading, so that an error knows its line and column.
struct StatusVisitor;

impl<'de> Visitor<'de> for StatusVisitor {
    type Value = StatusFile;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `since` and one section `plugin.<rule>` a rule")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StatusFile, A::Error> {
        let mut status = StatusFile::default();
        let mut own = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == OWN_KEY && own.is_none() {
                own = Some(map.next_value::<OwnKey>()?);
                continue;
            }
            if key == OWN_KEY || status.document.contains_key(&key) {
                map.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom(format_args!("the key `{key}` is there twice")));
            }
            let value = read_value(&key, &mut map)?;
            status.document.insert(key, value);
        }
        status.own = own.unwrap_or_default();
        if status.own.version != VERSION {
            return Err(A::Error::custom(format_args!("`reddalert.version` is {}, and only {VERSION} is known", status.own.version)));
        }
        Ok(status)
    }
}

fn read_value<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Value, A::Error> {
    let Json(value) = map.next_value::<AnyJson>()?;
    if key == SINCE {
        Moment::deserialize(&value).map_err(|error| A::Error::custom(format_args!("`since`: {error}")))?;
    }
    if key.starts_with(SECTION) && !value.is_object() {
        return Err(A::Error::custom(format_args!("`{key}` must be an object, which is what the rule remembers")));
    }
    Ok(value)
}
