//! What an operator may change in the status: where a rule begins, and that a rule is forgotten.

use super::commit::{Ledger, LedgerError};
use super::own_key::Moment;
use super::status_file::StatusFile;
use crate::rule_name::RuleName;
use crate::time_window::EpochMillis;

impl StatusFile {
    /// Up to when each rule has looked, by name.
    pub fn progress(&self) -> impl Iterator<Item = (&RuleName, EpochMillis)> {
        self.own.progress.iter().map(|(rule, moment)| (rule, moment.0))
    }

    /// The next run of `rule` begins at `since`. What it found from then on counts as news again.
    pub fn set_progress(&mut self, rule: &RuleName, since: EpochMillis) {
        self.own.progress.insert(rule.clone(), Moment(since));
        self.own.accepted.remove(rule);
    }

    /// Drops everything kept about `rule`, as if it had never run. Its alerts on their way to outputs stay.
    pub fn forget(&mut self, rule: &RuleName) {
        self.own.progress.remove(rule);
        self.own.accepted.remove(rule);
        self.remove_section(rule);
    }
}

impl Ledger {
    /// Changes the status on the disk.
    pub fn edit_status(&mut self, change: impl FnOnce(&mut StatusFile)) -> Result<(), LedgerError> {
        let mut next = self.status().clone();
        change(&mut next);
        self.unless_broken(|ledger| ledger.replace_status(next))
    }
}
