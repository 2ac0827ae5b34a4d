//! Alerts written to standard output or appended to a file. An alert counts as delivered when all its bytes were taken.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;

use super::format::Format;
use super::{Delivery, Output, OutputError};
use crate::alert::Alert;

/// Bytes are written in pieces of whole alerts of about this size.
const PIECE: usize = 64 * 1024;

/// Where a stream output writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The program's standard output.
    StandardOutput,
    /// A file, appended to and created when it is not there.
    File(PathBuf),
}

/// An output that writes text.
#[derive(Debug)]
pub struct Stream {
    /// How alerts are written.
    pub format: Format,
    /// Where they go.
    pub target: Target,
}

impl Stream {
    /// Standard output without Rust's line buffer: what that buffer holds after a failed write would be written again later.
    fn open(&self) -> io::Result<File> {
        match &self.target {
            Target::StandardOutput => Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?)),
            Target::File(path) => OpenOptions::new().create(true).append(true).open(path),
        }
    }

    fn failure(&self, source: io::Error) -> OutputError {
        match &self.target {
            Target::StandardOutput => OutputError::StandardOutput { source },
            Target::File(path) => OutputError::File { path: path.clone(), source },
        }
    }

    /// Writes one piece whole or not at all, as far as a regular file allows it: half a line would spoil the next one.
    fn write_piece(&self, file: &mut File, piece: &str) -> io::Result<()> {
        let length_before = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        let written = file.write_all(piece.as_bytes());
        if let (Err(_), Some(length), Target::File(_)) = (&written, length_before, &self.target) {
            // Best effort: the write has failed already, and that is what gets reported.
            let _ = file.set_len(length);
        }
        written
    }
}

impl Output for Stream {
    fn deliver(&mut self, alerts: &[Arc<Alert>]) -> Delivery {
        let mut file = match self.open() {
            Ok(file) => file,
            Err(error) => return Delivery { delivered: 0, trouble: Some(self.failure(error)) },
        };
        let (mut delivered, mut piece) = (0, String::new());
        for (index, alert) in alerts.iter().enumerate() {
            self.format.write(alert, &mut piece);
            if piece.len() < PIECE && index + 1 < alerts.len() {
                continue;
            }
            if let Err(error) = self.write_piece(&mut file, &piece) {
                return Delivery { delivered, trouble: Some(self.failure(error)) };
            }
            delivered = index + 1;
            piece.clear();
        }
        Delivery { delivered, trouble: None }
    }
}
