//! One run at a time: a lock of the operating system on `<statusfile>.lock`. It ends with its process, however that ends, so a file that
//! was left there, also one of the original reddalert, is no lock. The file stays: removing it would let two runs lock two files.

use std::fs::{File, TryLockError};
use std::io;
use std::path::PathBuf;

use super::durable_file::open_beside;
use super::files::StatusFiles;
use crate::exit_code::Exit;

/// Held until it is dropped.
#[derive(Debug)]
pub struct RunLock {
    files: StatusFiles,
    /// The lock belongs to the open file.
    _file: File,
}

/// Why a run may not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunLockError {
    /// Another run is at work.
    #[error("another run holds the lock `{}`; wait until it has ended", file.display())]
    Held {
        /// The lock file.
        file: PathBuf,
    },
    /// The file cannot be locked at all.
    #[error("cannot lock `{}`; it must be a file that this user may write, in a directory that exists", file.display())]
    Unusable {
        /// The lock file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl RunLockError {
    /// What the process says with its exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Held { .. } => Exit::Locked,
            Self::Unusable { .. } => Exit::Status,
        }
    }
}

impl RunLock {
    /// Takes the lock at once or not at all.
    pub fn acquire(files: &StatusFiles) -> Result<Self, RunLockError> {
        let unusable = |source| RunLockError::Unusable { file: files.lock(), source };
        let file = open_beside(&files.lock(), files.status()).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { files: files.clone(), _file: file }),
            Err(TryLockError::WouldBlock) => Err(RunLockError::Held { file: files.lock() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// The files that this lock guards.
    pub fn files(&self) -> &StatusFiles {
        &self.files
    }
}
