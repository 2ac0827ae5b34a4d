//! Alerts written to standard output or appended to a file. An alert counts as delivered when all its bytes were taken.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;

use super::format::Format;
use super::{Delivery, Output, Patience, Trouble, Verdict};
use crate::alert::Alert;
use crate::settings::OutputKind;

/// Bytes are written in pieces of whole alerts of about this size.
const PIECE: usize = 64 * 1024;

/// So many alerts are written before it is written down that they were.
const BATCH: usize = 1000;

/// An output that writes text.
#[derive(Debug)]
pub(super) struct Stream {
    format: Format,
    /// Appended to, and created when it is not there. None: the program's standard output.
    file: Option<PathBuf>,
}

impl Stream {
    /// Writes to `file`, or to standard output.
    pub(super) fn new(kind: OutputKind, file: Option<PathBuf>) -> Self {
        let format = match kind {
            OutputKind::StdoutTabsep => Format::TabSeparated,
            OutputKind::Jsonl => Format::JsonLines,
            _ => Format::Blocks,
        };
        Self { format, file }
    }

    /// Standard output without Rust's line buffer: what that buffer holds after a failed write would be written again later.
    fn open(&self) -> io::Result<File> {
        match &self.file {
            None => Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?)),
            Some(path) => OpenOptions::new().create(true).append(true).open(path),
        }
    }

    /// A full disk or a reader that is gone is not mended within a run.
    fn failure(&self, error: &io::Error) -> Trouble {
        Trouble::lasting(match &self.file {
            None => format!("standard output cannot be written: {error}"),
            Some(path) => format!("the file `{}` cannot be written: {error}", path.display()),
        })
    }

    /// Writes one piece whole or not at all, as far as a regular file allows it: half a line would spoil the next one.
    fn write_piece(&self, file: &mut File, piece: &str) -> io::Result<()> {
        let length_before = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        let written = file.write_all(piece.as_bytes());
        if let (Err(_), Some(length), Some(_)) = (&written, length_before, &self.file) {
            // Best effort: the write has failed already, and that is what gets reported.
            let _ = file.set_len(length);
        }
        written
    }
}

impl Output for Stream {
    fn batch(&self) -> usize {
        BATCH
    }

    fn deliver(&mut self, alerts: &[Arc<Alert>], _: &Patience) -> Delivery {
        let failed = |written, error| Delivery::first(written, alerts.len(), &self.failure(&error));
        let mut file = match self.open() {
            Ok(file) => file,
            Err(error) => return failed(0, error),
        };
        let (mut written, mut piece) = (0, String::new());
        for (index, alert) in alerts.iter().enumerate() {
            self.format.write(alert, &mut piece);
            if piece.len() < PIECE && index + 1 < alerts.len() {
                continue;
            }
            if let Err(error) = self.write_piece(&mut file, &piece) {
                return failed(written, error);
            }
            written = index + 1;
            piece.clear();
        }
        Delivery::all(alerts.len(), &Verdict::Taken)
    }
}
