//! The exit codes that operators' scripts rely on.

use std::fmt;
use std::process::ExitCode;

use crate::visible_text::{visible_lines, visible_paragraph};

/// What a process says with its exit code. When several apply, the greatest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done. Alerts alone are no failure.
    Done = 0,
    /// Alerts at or above `--fail-on`; only if asked for.
    Alerts = 1,
    /// Some rule failed.
    RuleFailed = 2,
    /// Something owed to an output of this run was not delivered; it is kept.
    NotDelivered = 3,
    /// The inventory is unreachable, stale, or partly so.
    Inventory = 4,
    /// The command line: unknown flag, rule or output.
    CommandLine = 64,
    /// An error inside reddalert.
    Internal = 70,
    /// The status cannot be read or written.
    Status = 74,
    /// Another run holds the lock.
    Locked = 75,
    /// The settings.
    Settings = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command ended before it was done: what to tell the user, and the exit code.
#[derive(Debug)]
pub struct Refusal {
    /// Whose fault it is.
    pub exit: Exit,
    /// The whole chain of causes.
    pub error: anyhow::Error,
}

/// The chain of causes on one line, or on more where a cause has more.
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", visible_paragraph(&format!("{:#}", self.error)))
    }
}

/// An error and all its causes on one line, or on more where a cause has more, as the summary shows them. Whatever they quote, it acts on no terminal.
pub fn chain(error: impl Into<anyhow::Error>) -> String {
    visible_lines(&format!("{:#}", error.into()))
}

/// Says with which exit code an error ends the command.
pub trait OrExit<T> {
    /// Ends the command with `exit` when this is an error.
    fn or_exit(self, exit: Exit) -> Result<T, Refusal>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T, Refusal> {
        self.map_err(|error| Refusal { exit, error: error.into() })
    }
}
