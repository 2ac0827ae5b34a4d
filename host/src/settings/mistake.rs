//! What is wrong with the settings, said so that it can be mended: file, line, column, key, what was expected. As many mistakes
//! at once as can be told apart, so that one look at the file is enough.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A place in the config file. Both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of the byte `at` of `text`.
    pub(super) fn of(text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_starts = before.rfind('\n').map_or(0, |line_break| line_break + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_starts..].chars().count() + 1 }
    }
}

/// One mistake in the config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands.
    pub position: Position,
    /// The key as a path (`limits.iam.memory`). Empty when it is about the whole file.
    pub key: String,
    /// What is wrong, what was expected, and the nearest right spelling where there is one.
    pub message: String,
}

/// `<line>:<column>: <key>: <message>`, to stand behind the name of the file.
impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: ", self.position.line, self.position.column)?;
        if !self.key.is_empty() {
            write!(formatter, "`{}`: ", self.key.escape_debug())?;
        }
        formatter.write_str(&self.message)
    }
}

/// Something odd in the settings that keeps nobody from running: `check` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The config file.
    pub file: PathBuf,
    /// What is odd about it.
    pub mistake: Mistake,
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file.display(), self.mistake)
    }
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file was named and is not there.
    #[error("the settings file {} does not exist: name another one with --configfile, or name none to run with the defaults", .0.display())]
    Absent(PathBuf),
    /// A directory was named.
    #[error("the settings file {} is a directory: name a file with --configfile", .0.display())]
    Directory(PathBuf),
    /// The file cannot be read.
    #[error("cannot read the settings file {}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file is no text.
    #[error("the settings file {} is not UTF-8 text (line {line}): save it as UTF-8", .file.display())]
    NotText {
        /// The file.
        file: PathBuf,
        /// The line of the first wrong byte.
        line: usize,
        /// Where and why.
        #[source]
        source: std::str::Utf8Error,
    },
    /// The file says something that cannot be meant.
    #[error("{}", listing(.file, .mistakes))]
    Mistakes {
        /// The file.
        file: PathBuf,
        /// At least one, in the order of the file.
        mistakes: Vec<Mistake>,
    },
}

impl SettingsError {
    /// Nothing when there is no mistake, else all of them in the order of the file.
    pub(super) fn unless_empty(file: &std::path::Path, mut mistakes: Vec<Mistake>) -> Result<(), Self> {
        mistakes.sort_by_key(|mistake| mistake.position);
        if mistakes.is_empty() { Ok(()) } else { Err(Self::Mistakes { file: file.to_owned(), mistakes }) }
    }
}

fn listing(file: &std::path::Path, mistakes: &[Mistake]) -> String {
    let line = |mistake: &Mistake| format!("{}:{mistake}", file.display());
    match mistakes {
        [mistake] => line(mistake),
        mistakes => {
            mistakes.iter().fold(format!("{} mistakes in the settings:", mistakes.len()), |all, mistake| all + "\n  " + &line(mistake))
        }
    }
}
