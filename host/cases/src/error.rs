//! What is wrong with a case.

use std::io;
use std::path::PathBuf;

/// Why a case cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The directory of a case, or of cases.
    #[error("`{}` cannot be read", .path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not follow the format; the source has the place.
    #[error("`{}` is not as docs/cases.md has it", .path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A directory without cases.
    #[error("there is no case in `{}`: a case is a directory with a file `case.json` in it", .0.display())]
    NoCase(PathBuf),
    /// Cases that are asked for and not there.
    #[error("there is no case `{}` in `{}`{}", .name.escape_debug(), .directory.display(), among(.known))]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where.
        directory: PathBuf,
        /// What is there.
        known: Vec<String>,
    },
    /// What a case is about is there twice, or not at all.
    #[error("the case `{}` needs either `inventory.json` or `recording.jsonl`, and has {}", .directory.display(), if *.both { "both" } else { "neither" })]
    Sources {
        /// The directory of the case.
        directory: PathBuf,
        /// Whether both are there.
        both: bool,
    },
    /// A case without runs.
    #[error("the case `{}` has no runs: `runs` in `case.json` is a list of at least one window", .0.display())]
    NoRuns(PathBuf),
}

fn among(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!("; there are: {}", known.join(", ")) }
}
