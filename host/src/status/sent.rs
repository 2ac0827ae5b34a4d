//! Which output has taken which alert: `<statusfile>.sent`, a JSON line each. An acknowledgement that is lost means that an alert is sent
//! again with the same id, so what cannot be read here is left out and is no error.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::durable_file::AppendFile;
use super::files::StatusFiles;

/// One output has taken one alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Acknowledgement {
    pub(super) alert_id: String,
    pub(super) output: String,
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Sent {
    file: AppendFile,
}

/// Why what was sent cannot be written down.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep in `{}` what was sent; the directory must be writable and the disk must have room", file.display())]
pub struct SentError {
    file: PathBuf,
    source: io::Error,
}

impl Sent {
    /// `wanted` is false when no alert is pending: then what stands there is about alerts that are gone, and an alert that comes again
    /// with the same id must not be taken for delivered.
    pub(super) fn open(files: &StatusFiles, wanted: bool) -> Result<(Self, Vec<Acknowledgement>), SentError> {
        let error = |source| SentError { file: files.sent(), source };
        let mut file = AppendFile::open(files.sent(), files.status()).map_err(error)?;
        if !wanted {
            file.cut(0).map_err(error)?;
        }
        let bytes = file.read(file.length()).map_err(error)?;
        let whole_lines = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        file.cut(whole_lines as u64).map_err(error)?;
        Ok((Self { file }, read_lines(&bytes[..whole_lines])))
    }

    /// Returns when they are on the disk.
    pub(super) fn append(&mut self, acknowledgements: &[Acknowledgement]) -> Result<(), SentError> {
        let mut lines = Vec::new();
        for acknowledgement in acknowledgements {
            serde_json::to_writer(&mut lines, acknowledgement).map_err(|error| self.error(error.into()))?;
            lines.push(b'\n');
        }
        self.file.append(&lines).map_err(|source| self.error(source))
    }

    pub(super) fn clear(&mut self) -> Result<(), SentError> {
        self.file.cut(0).map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> SentError {
        SentError { file: self.file.path().to_path_buf(), source }
    }
}

fn read_lines(bytes: &[u8]) -> Vec<Acknowledgement> {
    let mut unreadable = 0_usize;
    let mut read = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line) {
            Ok(acknowledgement) => read.push(acknowledgement),
            Err(_) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        tracing::warn!(unreadable, "some acknowledgements cannot be read; their alerts are sent again with the same ids");
    }
    read
}
