//! The order in which things reach the disk, kept in one place so that nobody can get it wrong.
//!
//! One commit, and what a crash before each step leaves for the next start:
//!
//! 1. Append the alerts to the outbox. *Before*: nothing has happened; the rules find the same alerts again.
//! 2. Flush the outbox. *Before*: whatever part of the lines is there lies behind the committed length and is cut off; as above.
//! 3. Write the new status beside the old one. *Before*: as above, with whole lines to cut off.
//! 4. Flush it. *Before*: a left-over that the next write removes; as above.
//! 5. Rename it over the old status. **This is the commit.** *Before*: as above.
//! 6. Flush the directory. *Before*: either status is on the disk after a power cut, and each fits the outbox.
//!
//! Only then is anything sent. *Before the first acknowledgement is flushed*: the alerts are pending and are sent (again) with the same ids.
//!
//! What an output will never take goes to the dead letters, flushed, before it is acknowledged. *Before the acknowledgement*: it is tried
//! again, and there is a second line.
//!
//! When nothing is pending any more:
//!
//! 1. The status with length 0 replaces the old one. *Before*: everything is acknowledged, nothing is sent, and this is tried again.
//! 2. The outbox is emptied. *Before*: it lies behind the committed length and is cut off.
//! 3. `.sent` is emptied. *Before*: with nothing committed in the outbox it is emptied at the start, so that it is never read together with
//!    alerts that came later.

use std::sync::Arc;

use super::dead_letters::{self, BuriedAlert, DeadLetter, DeadLettersError};
use super::files::StatusFiles;
use super::finished_rule::{FinishedRule, RunTerms, TakenRule};
use super::outbox::{Outbox, OutboxError, OwedAlert, Staged};
use super::run_lock::RunLock;
use super::sent::{Acknowledgement, Sent, SentError};
use super::status_file::{StatusError, StatusFile};
use crate::settings::Subscriber;

/// The status of the run that holds the lock: in memory as it is on the disk. Dropping it releases the lock.
#[derive(Debug)]
pub struct Ledger {
    lock: RunLock,
    status: StatusFile,
    outbox: Outbox,
    sent: Sent,
    /// After a failed write nobody knows which status is on the disk. The next start reads it.
    broken: bool,
}

/// Why the status cannot be kept. All of them end the run with exit code 74.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The status file.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// What was sent.
    #[error(transparent)]
    Sent(#[from] SentError),
    /// What an output refuses.
    #[error(transparent)]
    DeadLetters(#[from] DeadLettersError),
    /// Something could not be written before.
    #[error("nothing more is committed after a write that failed; the next run goes on from what is on the disk")]
    Broken,
}

impl Ledger {
    /// Reads everything, and finishes what a crash has left half done.
    pub fn open(lock: RunLock) -> Result<Self, LedgerError> {
        let status = StatusFile::load(lock.files())?;
        let committed = status.own.outbox;
        let mut outbox = Outbox::open(lock.files(), committed)?;
        let (sent, acknowledgements) = Sent::open(lock.files(), committed > 0)?;
        for acknowledgement in &acknowledgements {
            outbox.settle(acknowledgement);
        }
        Ok(Self { lock, status, outbox, sent, broken: false })
    }

    /// The status as it is on the disk.
    pub fn status(&self) -> &StatusFile {
        &self.status
    }

    /// Commits rules that have ended while others still run. Each rule is to be handed in once a run. The file's `since` stays.
    pub fn commit(&mut self, terms: &RunTerms, finished: Vec<FinishedRule>) -> Result<Vec<TakenRule>, LedgerError> {
        let mut next = self.status.clone();
        let taken = take_in(&mut next, terms, finished);
        self.write(terms, next, taken)
    }

    /// The last commit of a run: also writes progress for every rule known, and moves `since` where it may move.
    pub fn conclude(&mut self, terms: &RunTerms, finished: Vec<FinishedRule>) -> Result<Vec<TakenRule>, LedgerError> {
        let mut next = self.status.clone();
        let taken = take_in(&mut next, terms, finished);
        next.conclude(terms);
        self.write(terms, next, taken)
    }

    fn write(&mut self, terms: &RunTerms, next: StatusFile, taken: Vec<TakenRule>) -> Result<Vec<TakenRule>, LedgerError> {
        let staged = self.outbox.stage(taken.iter().flat_map(|rule| &rule.alerts), &terms.outputs)?;
        self.write_with(next, staged)?;
        Ok(taken)
    }

    fn write_with(&mut self, mut next: StatusFile, staged: Staged) -> Result<(), LedgerError> {
        self.unless_broken(|ledger| {
            next.own.outbox = ledger.outbox.append(&staged)?;
            ledger.replace_status(next)
        })?;
        self.outbox.adopt(staged);
        Ok(())
    }

    pub(super) fn replace_status(&mut self, next: StatusFile) -> Result<(), LedgerError> {
        if next != self.status {
            next.save(self.files())?;
            self.status = next;
        }
        Ok(())
    }

    /// What is owed, oldest first, each with the outputs that have not acknowledged it.
    pub fn pending(&self) -> impl Iterator<Item = &OwedAlert> {
        self.outbox.pending()
    }

    /// `output` has taken these alerts. What is not owed to it is ignored. Also when this cannot be written down nothing of it is pending
    /// any more in this run; the next one sends it again. Allowed after a commit that failed: it speaks of alerts committed before.
    pub fn acknowledge<'a>(&mut self, output: &str, alert_ids: impl IntoIterator<Item = &'a str>) -> Result<(), LedgerError> {
        // Settling finds what is owed, so that a repeated id is written down once: each line here stands for one in the outbox.
        let acknowledgements: Vec<Acknowledgement> = alert_ids
            .into_iter()
            .map(|alert_id| Acknowledgement { alert_id: alert_id.to_owned(), output: output.to_owned() })
            .filter(|acknowledgement| self.outbox.settle(acknowledgement))
            .collect();
        if acknowledgements.is_empty() {
            return Ok(());
        }
        Ok(self.sent.append(&acknowledgements)?)
    }

    /// `output` will never take these alerts: they are kept where the operator finds them, and only then they are owed no more. `at` is now,
    /// RFC 3339.
    pub fn bury(&mut self, output: &str, letters: &[DeadLetter], at: &str) -> Result<(), LedgerError> {
        if letters.is_empty() {
            return Ok(());
        }
        dead_letters::keep(self.files(), output, letters, at)?;
        self.acknowledge(output, letters.iter().map(|letter| letter.alert.alert_id.as_str()))
    }

    /// The alerts that outputs refused, in the order of the file. Lines that cannot be read are left out.
    pub fn dead(&self) -> Result<Vec<BuriedAlert>, LedgerError> {
        Ok(dead_letters::read(self.files())?)
    }

    /// Owes these alerts to `output` once more, and only then takes them out of the dead letters. A crash in between leaves them in both,
    /// and they may come twice, with the same ids. Returns how many are owed again.
    pub fn raise(&mut self, output: &str) -> Result<usize, LedgerError> {
        let of_output = self.dead()?.into_iter().filter(|letter| letter.output == output);
        let alerts: Vec<_> = of_output.map(|letter| Arc::new(letter.alert)).collect();
        let staged = self.outbox.stage(&alerts, &[Subscriber::to_everything(output)])?;
        let count = staged.len();
        self.write_with(self.status.clone(), staged)?;
        self.unless_broken(|ledger| Ok(dead_letters::remove(ledger.files(), output)?))?;
        Ok(count)
    }

    /// How much of the outbox counts, bytes. Emptied once nothing is pending, and not before.
    pub fn outbox_bytes(&self) -> u64 {
        self.status.own.outbox
    }

    /// Empties the files when nothing is pending, and releases the lock.
    pub fn close(mut self) -> Result<(), LedgerError> {
        let nothing_is_pending = self.pending().next().is_none();
        if self.status.own.outbox > 0 && nothing_is_pending {
            self.unless_broken(Self::clear)?;
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), LedgerError> {
        let mut next = self.status.clone();
        next.own.outbox = 0;
        self.replace_status(next)?;
        self.outbox.clear()?;
        Ok(self.sent.clear()?)
    }

    pub(super) fn unless_broken(&mut self, write: impl FnOnce(&mut Self) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
        if self.broken {
            return Err(LedgerError::Broken);
        }
        let result = write(self);
        self.broken = result.is_err();
        result
    }

    fn files(&self) -> &StatusFiles {
        self.lock.files()
    }
}

fn take_in(status: &mut StatusFile, terms: &RunTerms, finished: Vec<FinishedRule>) -> Vec<TakenRule> {
    finished.into_iter().map(|rule| status.take_in(terms, rule)).collect()
}
