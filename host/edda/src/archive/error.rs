//! What can be wrong with an archive's file.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why an archive cannot be opened, read or written. Each names the file and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// There is no such file.
    #[error("there is no archive at {}; `reddalert archive import --archive {} ...` makes one", path.display(), path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The path is a directory or the like.
    #[error("{} is no file; an archive is one file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A file of something else.
    #[error("{} is not an archive of reddalert; give the path of one, or of a file that does not exist yet", path.display())]
    NotAnArchive {
        /// The file.
        path: PathBuf,
    },
    /// An archive that is broken.
    #[error("the archive {} is damaged; put a copy of it in its place, or move it away and import again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What `SQLite` found.
        source: rusqlite::Error,
    },
    /// An archive that a later release has written.
    #[error("the archive {} has format {found}, this release reads up to {known}; use the release that wrote it or a later one", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that is known.
        known: i64,
    },
    /// Another process writes for longer than we wait.
    #[error("the archive {} is being written by another process; try again when it is done", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// The file or its directory may not be written.
    #[error("the archive {} cannot be written; its file and its directory must be writable by this user", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// The file cannot be looked at.
    #[error("the archive {} cannot be opened; see that this user may read it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything else that `SQLite` reports, such as a full disk.
    #[error("the archive {} cannot be used", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
}

impl ArchiveError {
    /// What an error of `SQLite` means for the archive at this path.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAnArchive { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, source },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, source },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::NotWritable { path, source },
            _ => Self::Sqlite { path, source },
        }
    }
}
