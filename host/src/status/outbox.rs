//! The alerts that are owed to outputs: `<statusfile>.outbox`, a JSON line each with the alert and the names of its outputs. Only the
//! length that the status file names counts; what lies behind it was never committed and is cut off. Damage before it is an error, because
//! an alert may be in it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::durable_file::AppendFile;
use super::files::StatusFiles;
use super::sent::Acknowledgement;
use crate::alert::Alert;
use crate::settings::Subscriber;

/// An alert, and the outputs that have not taken it yet.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedAlert {
    /// Shared by everybody who sends it.
    pub alert: Arc<Alert>,
    /// Names of outputs, as in the config. Never empty.
    pub owed: Vec<String>,
}

/// Why the outbox cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The system refuses it.
    #[error("cannot read or write the outbox `{}`; it must be a file that this user may write, on a disk with room", file.display())]
    Unusable {
        /// The outbox.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A part that was committed is gone.
    #[error(
        "the outbox `{}` has {length} bytes, and the status file counts on {committed}; restore it from a copy, or, to give up what was not \
         delivered, remove it and set `reddalert.outbox` in the status file to 0",
        file.display()
    )]
    TooShort {
        /// The outbox.
        file: PathBuf,
        /// What is there, bytes.
        length: u64,
        /// What the status file says, bytes.
        committed: u64,
    },
    /// A committed line is not what was written.
    #[error(
        "the outbox `{}` is damaged in line {line}; mend it from a copy, or, to give up what was not delivered, remove it and set \
         `reddalert.outbox` in the status file to 0",
        file.display()
    )]
    Damaged {
        /// The outbox.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        source: serde_json::Error,
    },
}

/// A line as it is written.
#[derive(Serialize)]
struct WrittenLine<'a> {
    alert: &'a Alert,
    owed: &'a [String],
}

/// A line as it is read.
#[derive(Deserialize)]
struct ReadLine {
    alert: Alert,
    owed: Vec<String>,
}

/// Alerts on their way into the outbox.
#[derive(Debug, Default)]
pub(super) struct Staged {
    alerts: Vec<OwedAlert>,
    lines: Vec<u8>,
}

impl Staged {
    /// How many alerts there are.
    pub(super) fn len(&self) -> usize {
        self.alerts.len()
    }
}

/// The outbox, open for appending.
#[derive(Debug)]
pub(super) struct Outbox {
    file: AppendFile,
    pending: Pending,
}

impl Outbox {
    /// Reads the first `committed` bytes and cuts off the rest. Damage is left as it is found.
    pub(super) fn open(files: &StatusFiles, committed: u64) -> Result<Self, OutboxError> {
        let unusable = |source| OutboxError::Unusable { file: files.outbox(), source };
        let mut file = AppendFile::open(files.outbox(), files.status()).map_err(unusable)?;
        if file.length() < committed {
            return Err(OutboxError::TooShort { file: files.outbox(), length: file.length(), committed });
        }
        let bytes = file.read(committed).map_err(unusable)?;
        let mut pending = Pending::default();
        for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let damaged = |source| OutboxError::Damaged { file: files.outbox(), line: index + 1, source };
            pending.push(read_line(line).map_err(damaged)?);
        }
        file.cut(committed).map_err(unusable)?;
        Ok(Self { file, pending })
    }

    /// What `alerts` add to what is pending. Equal alerts are one, and what is already owed to an output is not owed twice.
    pub(super) fn stage<'a>(
        &self,
        alerts: impl IntoIterator<Item = &'a Arc<Alert>>,
        outputs: &[Subscriber],
    ) -> Result<Staged, OutboxError> {
        let mut staged = Staged::default();
        let mut ids = HashSet::new();
        for alert in alerts.into_iter().filter(|alert| ids.insert(&alert.alert_id)) {
            let mut owed: Vec<String> = Vec::new();
            for Subscriber { name, .. } in outputs.iter().filter(|output| output.wants(alert)) {
                if !owed.contains(name) && self.pending.position(&alert.alert_id, name).is_none() {
                    owed.push(name.clone());
                }
            }
            if owed.is_empty() {
                continue;
            }
            let line = WrittenLine { alert, owed: &owed };
            serde_json::to_writer(&mut staged.lines, &line).map_err(|error| self.unusable(error.into()))?;
            staged.lines.push(b'\n');
            staged.alerts.push(OwedAlert { alert: Arc::clone(alert), owed });
        }
        Ok(staged)
    }

    /// Appends and flushes. The new length is to be committed; until then nothing is pending that was not pending before.
    pub(super) fn append(&mut self, staged: &Staged) -> Result<u64, OutboxError> {
        if !staged.lines.is_empty() {
            self.file.append(&staged.lines).map_err(|source| self.unusable(source))?;
        }
        Ok(self.file.length())
    }

    /// The length is committed: from now on the alerts are owed.
    pub(super) fn adopt(&mut self, staged: Staged) {
        staged.alerts.into_iter().for_each(|owed| self.pending.push(owed));
    }

    /// Oldest first.
    pub(super) fn pending(&self) -> impl Iterator<Item = &OwedAlert> {
        self.pending.alerts.values()
    }

    /// Takes `output` off an alert. False when nothing was owed.
    pub(super) fn settle(&mut self, acknowledgement: &Acknowledgement) -> bool {
        self.pending.settle(&acknowledgement.alert_id, &acknowledgement.output)
    }

    /// Empties the file. Only after the status counts on nothing in it.
    pub(super) fn clear(&mut self) -> Result<(), OutboxError> {
        self.file.cut(0).map_err(|source| self.unusable(source))
    }

    fn unusable(&self, source: io::Error) -> OutboxError {
        OutboxError::Unusable { file: self.file.path().to_path_buf(), source }
    }
}

fn read_line(line: &[u8]) -> serde_json::Result<OwedAlert> {
    let Some(line) = line.strip_suffix(b"\n") else {
        return Err(serde::de::Error::custom("the line does not end where the status file says"));
    };
    let ReadLine { alert, owed } = serde_json::from_slice(line)?;
    Ok(OwedAlert { alert: Arc::new(alert), owed })
}

/// What is owed, in the order of the file, and where to find an alert by its id. One id is there more than once when an alert was taken
/// in again for an output that had already acknowledged it.
#[derive(Debug, Default)]
struct Pending {
    alerts: BTreeMap<u64, OwedAlert>,
    positions: HashMap<String, Vec<u64>>,
    next: u64,
}

impl Pending {
    fn push(&mut self, owed: OwedAlert) {
        if !owed.owed.is_empty() {
            self.positions.entry(owed.alert.alert_id.clone()).or_default().push(self.next);
            self.alerts.insert(self.next, owed);
            self.next += 1;
        }
    }

    /// The oldest place where the alert is owed to `output`.
    fn position(&self, alert_id: &str, output: &str) -> Option<u64> {
        let is_owed = |position: &&u64| self.alerts.get(position).is_some_and(|owed| owed.owed.iter().any(|name| name == output));
        self.positions.get(alert_id)?.iter().find(is_owed).copied()
    }

    fn settle(&mut self, alert_id: &str, output: &str) -> bool {
        let Some(position) = self.position(alert_id, output) else { return false };
        let Some(owed) = self.alerts.get_mut(&position) else { return false };
        owed.owed.retain(|name| name != output);
        if owed.owed.is_empty() {
            self.alerts.remove(&position);
            self.forget_position(alert_id, position);
        }
        true
    }

    fn forget_position(&mut self, alert_id: &str, position: u64) {
        if let Some(positions) = self.positions.get_mut(alert_id) {
            positions.retain(|other| *other != position);
            if positions.is_empty() {
                self.positions.remove(alert_id);
            }
        }
    }
}
