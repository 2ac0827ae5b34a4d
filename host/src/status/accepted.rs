//! Alerts that were taken in from a part of time that is still open. When that part is looked at again they are known, and not sent twice.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::own_key::Moment;
use super::progress::Advance;
use crate::alert::{Alert, FoundAlert};
use crate::time_window::TimeWindow;

/// What one run took in before the end of its window was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accepted {
    /// The end of that run's window. When progress is there this is of no more use.
    until: Moment,
    /// [`FoundAlert::content_hash`] of what was taken in.
    hashes: BTreeSet<String>,
}

/// What is new among the alerts of a rule.
#[derive(Debug)]
pub(super) struct Sifted {
    pub(super) new: Vec<Alert>,
    pub(super) hashes: BTreeSet<String>,
    /// How many were taken in by an earlier run.
    pub(super) repeated: usize,
}

/// Equal alerts are one; what an earlier run took in is left out. The order stays.
pub(super) fn sift(alerts: Vec<FoundAlert>, accepted: &[Accepted]) -> Sifted {
    let known: HashSet<&str> = accepted.iter().flat_map(|entry| &entry.hashes).map(String::as_str).collect();
    let mut sifted = Sifted { new: Vec::new(), hashes: BTreeSet::new(), repeated: 0 };
    let mut repeated = HashSet::new();
    for FoundAlert { alert, content_hash } in alerts {
        if known.contains(content_hash.as_str()) {
            repeated.insert(content_hash);
        } else if sifted.hashes.insert(content_hash) {
            sifted.new.push(alert);
        }
    }
    sifted.repeated = repeated.len();
    sifted
}

/// Adds what a run took in, and drops what progress has reached, which may be this at once. Repeated alerts are not kept again: when the
/// part that they came from is closed, the same thing in a later part is news.
pub(super) fn after_run(accepted: &mut Vec<Accepted>, advance: Advance, window: TimeWindow, hashes: BTreeSet<String>) {
    if !hashes.is_empty() {
        accepted.push(Accepted { until: Moment(window.until), hashes });
    }
    accepted.retain(|entry| advance.to < entry.until.0);
}
