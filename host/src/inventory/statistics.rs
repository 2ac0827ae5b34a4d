//! What the inventory did in a run, in numbers, for the summary and for measurements.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::fault::QueryError;
use crate::time_window::EpochMillis;

/// Everything that the inventory did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InventoryStatistics {
    /// Requests sent to EDDA, repeated ones included; for the archive, questions answered by it.
    pub requests: u64,
    /// Bytes of the answers, unpacked.
    pub bytes: u64,
    /// Time spent waiting for the bytes of answers, all rules together.
    pub downloading: Duration,
    /// Time spent finding the documents in answers.
    pub splitting: Duration,
    /// Time spent reducing documents to the fields that rules want.
    pub projecting: Duration,
    /// The first trouble that the inventory (and no rule) is to blame for. None: every question was answered.
    pub unreachable: Option<String>,
    /// How far each collection in use is known.
    pub collections: BTreeMap<String, EpochMillis>,
}

/// Statistics in the making, shared by all threads.
#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<InventoryStatistics>);

impl Counters {
    pub(super) fn add(&self, change: impl FnOnce(&mut InventoryStatistics)) {
        change(&mut locked(&self.0));
    }

    /// Remembers the first trouble.
    pub(super) fn note(&self, error: &QueryError) {
        if error.is_trouble() {
            self.add(|statistics| {
                statistics.unreachable.get_or_insert_with(|| error.message.clone());
            });
        }
    }

    pub(super) fn snapshot(&self) -> InventoryStatistics {
        locked(&self.0).clone()
    }
}

/// A lock that a panic of one rule's thread does not take away from the others: what it guards is changed in single steps only.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_trouble_stays_and_a_rules_own_mistake_is_none() {
        let counters = Counters::default();
        for (status, message) in [(404, "gone"), (400, "wrong"), (500, "first"), (503, "second")] {
            counters.note(&QueryError::refused(status, message));
        }
        assert_eq!(counters.snapshot().unreachable.as_deref(), Some("first"));
    }
}
