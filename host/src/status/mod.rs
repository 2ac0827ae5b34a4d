//! What a run remembers: which part of time each rule has looked at, what each rule wants to know again, and which alerts are still owed
//! to which output. It promises that an alert that was taken in is delivered, whatever fails in between, and that no moment falls
//! between two runs.
//!
//! | file | what it holds | written |
//! |---|---|---|
//! | `<statusfile>` | `since`, `plugin.<rule>`, and our own key `reddalert` | whole, by rename |
//! | `<statusfile>.lock` | nothing; the operating system's lock on it counts | never |
//! | `<statusfile>.outbox` | alerts and the outputs that they are owed to | by appending; emptied when nothing is owed |
//! | `<statusfile>.sent` | which output has taken which alert | by appending; emptied after the outbox |
//! | `<statusfile>.dead` | alerts that an output will never take, with the reason | by appending; whole, by rename, when some are owed again |
//! | `<statusfile>.tmp` | the next status until it is renamed | a left-over one means nothing |
//!
//! A run takes the [`RunLock`], opens the [`Ledger`], asks [`RunTerms::window_of`] for each rule's window, and hands what has ended to
//! [`Ledger::commit`] and [`Ledger::conclude`]. A run that keeps nothing loads a [`StatusFile`] and calls [`StatusFile::take_in`] on it.

mod accepted;
mod commit;
mod dead_letters;
mod durable_file;
mod files;
mod finished_rule;
mod mending;
mod outbox;
mod own_key;
mod progress;
mod run_lock;
mod sent;
mod status_file;
#[cfg(test)]
mod tests;

pub use commit::{Ledger, LedgerError};
pub use dead_letters::{BuriedAlert, DeadLetter, DeadLettersError};
pub use files::StatusFiles;
pub use finished_rule::{EndedRule, FinishedRule, RuleEnd, RuleStatus, RunTerms, TakenRule};
pub use outbox::{OutboxError, OwedAlert};
pub use progress::{Advance, FUTURE_TOLERANCE, Join, ProgressInFuture, RunEnd, check_clock, run_end};
pub use run_lock::{RunLock, RunLockError};
pub use sent::SentError;
pub use status_file::{StatusError, StatusFile};
