//! Alerts that an output will never take, however often they are tried: `<statusfile>.dead`, a JSON line each. Nothing reads the file but the
//! operator, who may move it away at any time. A crash between here and the acknowledgement leaves a line that comes twice.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use super::durable_file::AppendFile;
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

/// Why an alert that an output refuses cannot be kept. It stays in the outbox then.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep in `{}` what an output refuses; the directory must be writable and the disk must have room", file.display())]
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
