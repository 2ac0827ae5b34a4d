//! Alerts that an output will never take, however often they are tried: `<statusfile>.dead`, a JSON line each. No run reads the file. The
//! operator may move it away at any time, or have its alerts tried once more. A crash between here and the acknowledgement leaves a line that
//! comes twice.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::durable_file::{self, AppendFile};
use super::files::StatusFiles;
use crate::alert::Alert;

/// An alert that an output refuses for good.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// The alert.
    pub alert: Arc<Alert>,
    /// Why, in the words of the other side.
    pub reason: String,
}

/// A line of the file.
#[derive(Serialize)]
struct Line<'a> {
    output: &'a str,
    reason: &'a str,
    at: &'a str,
    alert: &'a Alert,
}

/// A line as it is read.
#[derive(Clone, Debug, Deserialize)]
pub struct BuriedAlert {
    /// The output that refused it.
    pub output: String,
    /// Why, in the words of the other side.
    pub reason: String,
    /// When: RFC 3339.
    pub at: String,
    /// The alert.
    pub alert: Alert,
}

/// Why an alert that an output refuses cannot be kept. It stays in the outbox then.
#[derive(Debug, thiserror::Error)]
#[error("cannot read or write `{}`, which keeps what an output refuses; the directory must be writable and the disk must have room", file.display())]
pub struct DeadLettersError {
    file: PathBuf,
    source: io::Error,
}

/// Returns when the letters are on the disk. `at` is now, RFC 3339.
pub(super) fn keep(files: &StatusFiles, output: &str, letters: &[DeadLetter], at: &str) -> Result<(), DeadLettersError> {
    let failed = |source| DeadLettersError { file: files.dead(), source };
    let mut file = AppendFile::open(files.dead(), files.status()).map_err(failed)?;
    let mut lines = Vec::new();
    if !file.ends_with_line_feed().map_err(failed)? {
        // Half a line that a crash left is not to swallow the next one.
        lines.push(b'\n');
    }
    for DeadLetter { alert, reason } in letters {
        serde_json::to_writer(&mut lines, &Line { output, reason, at, alert }).map_err(|error| failed(error.into()))?;
        lines.push(b'\n');
    }
    file.append(&lines).map_err(failed)
}

/// What can be read, in order. A line that cannot is what a crash left of a letter: its alert was never taken out of the outbox.
pub(super) fn read(files: &StatusFiles) -> Result<Vec<BuriedAlert>, DeadLettersError> {
    Ok(lines(&bytes(files)?).filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

/// Replaces the file by one without the letters of `output`. What cannot be read stays.
pub(super) fn remove(files: &StatusFiles, output: &str) -> Result<(), DeadLettersError> {
    let bytes = bytes(files)?;
    let is_of_output = |line: &&[u8]| serde_json::from_slice(line).is_ok_and(|letter: BuriedAlert| letter.output == output);
    let kept: Vec<&[u8]> = lines(&bytes).filter(|line| !is_of_output(line)).collect();
    if kept.iter().map(|line| line.len()).sum::<usize>() == bytes.len() {
        return Ok(());
    }
    durable_file::replace(&files.dead(), &kept.concat()).map_err(|source| DeadLettersError { file: files.dead(), source })
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

fn bytes(files: &StatusFiles) -> Result<Vec<u8>, DeadLettersError> {
    match fs::read(files.dead()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        result => result.map_err(|source| DeadLettersError { file: files.dead(), source }),
    }
}
