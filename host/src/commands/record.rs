//! What a run keeps of itself: everything, or with `--dry-run` nothing.

use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::status::{FinishedRule, Ledger, LedgerError, RunLock, RunTerms, StatusFile, StatusFiles, TakenRule};

/// The status of a run.
pub(super) enum Record {
    /// Committed to the disk, under the run lock.
    Kept(Ledger),
    /// Forgotten at the end. Needs no lock: it only reads.
    Dry(StatusFile),
}

impl Record {
    /// Takes the lock, unless nothing is kept, and reads the status.
    pub(super) fn open(files: &StatusFiles, dry_run: bool) -> Result<Self, Refusal> {
        if dry_run {
            return Ok(Self::Dry(StatusFile::load(files).or_exit(Exit::Status)?));
        }
        Ok(Self::Kept(open_ledger(files)?))
    }

    /// The status as it is now.
    pub(super) fn status(&self) -> &StatusFile {
        match self {
            Self::Kept(ledger) => ledger.status(),
            Self::Dry(status) => status,
        }
    }

    /// Takes in rules that have ended while others still run.
    pub(super) fn commit(&mut self, terms: &RunTerms, finished: Vec<FinishedRule>) -> Result<Vec<TakenRule>, LedgerError> {
        match self {
            Self::Kept(ledger) => ledger.commit(terms, finished),
            Self::Dry(status) => Ok(finished.into_iter().map(|rule| status.take_in(terms, rule)).collect()),
        }
    }

    /// Takes in the last rules of the run.
    pub(super) fn conclude(&mut self, terms: &RunTerms, finished: Vec<FinishedRule>) -> Result<Vec<TakenRule>, LedgerError> {
        match self {
            Self::Kept(ledger) => ledger.conclude(terms, finished),
            Self::Dry(_) => self.commit(terms, finished),
        }
    }
}

/// The ledger under the run lock.
pub(super) fn open_ledger(files: &StatusFiles) -> Result<Ledger, Refusal> {
    let lock = RunLock::acquire(files).map_err(|error| Refusal { exit: error.exit(), error: error.into() })?;
    Ledger::open(lock).or_exit(Exit::Status)
}
