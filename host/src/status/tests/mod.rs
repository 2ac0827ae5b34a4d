//! Tests of the status as a whole, and what they build their cases from.

mod any_runs;
mod crash;
mod dead_letters;
pub(super) mod disk;
mod failing_disk;
mod lock;
mod outbox;
mod status_file;
mod terms;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{EndedRule, FinishedRule, Ledger, LedgerError, RuleEnd, RunLock, RunLockError, RunTerms, StatusFile, StatusFiles};
use crate::alert::{Detail, Finding, FoundAlert, Labels};
use crate::rule_name::RuleName;
use crate::settings::Subscriber;
use crate::time_window::{EpochMillis, TimeWindow};

fn rule(name: &str) -> RuleName {
    name.parse().expect("a rule name")
}

/// A run of the rules `ami` and `iam` for the output `jsonl`.
fn terms(until: EpochMillis) -> RunTerms {
    RunTerms {
        since: None,
        until,
        store_until: true,
        narrowed: false,
        known_rules: [rule("ami"), rule("iam")].into(),
        outputs: vec![Subscriber::to_everything("jsonl")],
    }
}

fn alert(name: &str, id: &str, window: TimeWindow) -> FoundAlert {
    let details = vec![Detail::Text(format!("{id} is odd"))];
    let finding = Finding { id: id.to_owned(), title: None, details, severity: None, url: None, labels: Labels::default() };
    FoundAlert::new(&rule(name), finding, window, "2025-11-24T09:00:00.000Z".to_owned())
}

/// A rule that looked at its window, at all of it, and found `ids`.
fn ended(status: &StatusFile, terms: &RunTerms, name: &str, ids: &[&str]) -> FinishedRule {
    ended_with(status, terms, name, ids, |_| ())
}

fn ended_with(status: &StatusFile, terms: &RunTerms, name: &str, ids: &[&str], change: impl FnOnce(&mut EndedRule)) -> FinishedRule {
    let window = terms.window_of(status, &rule(name));
    let alerts = ids.iter().map(|id| alert(name, id, window)).collect();
    let mut ended = EndedRule { alerts, remembered: Map::new(), incomplete: false, known_until: Some(terms.until) };
    change(&mut ended);
    FinishedRule { name: rule(name), window, end: RuleEnd::Ended(ended) }
}

fn failed(status: &StatusFile, terms: &RunTerms, name: &str) -> FinishedRule {
    FinishedRule { name: rule(name), window: terms.window_of(status, &rule(name)), end: RuleEnd::Failed }
}

/// In memory where the system offers it: these tests flush thousands of times, and what they show does not depend on the disk.
fn directory_in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a directory")
}

fn files_in(directory: &Path) -> StatusFiles {
    StatusFiles::new(&directory.join("status.json"))
}

fn open(files: &StatusFiles) -> Result<Ledger, LedgerError> {
    Ledger::open(acquire_free(files))
}

/// Takes a lock that nobody holds. While another test starts a process, that process has the open files of all tests for a moment, and so
/// their locks.
fn acquire_free(files: &StatusFiles) -> RunLock {
    let give_up = Instant::now() + Duration::from_secs(10);
    loop {
        match RunLock::acquire(files) {
            Err(RunLockError::Held { .. }) if Instant::now() < give_up => std::thread::yield_now(),
            result => return result.expect("nobody holds the lock"),
        }
    }
}

/// The ids of what is owed, with the outputs.
fn owed(ledger: &Ledger) -> Vec<(String, Vec<String>)> {
    ledger.pending().map(|owed| (owed.alert.id.clone(), owed.owed.clone())).collect()
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("{value} is no object") };
    map
}

fn remembered(value: &str) -> Map<String, Value> {
    object(json!({ "seen": value }))
}

/// An error and all its causes, as the program prints them.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
