//! What an output will never take is kept for the operator, and only then owed no more.

use std::fs;

use serde_json::Value;

use super::super::durable_file::Step;
use super::super::{DeadLetter, Ledger, LedgerError, StatusFiles};
use super::disk::observed;
use super::{directory_in_memory, ended, files_in, open, owed, terms};

const AT: &str = "2025-11-24T09:00:00.000Z";

/// A ledger in which `jsonl` is owed the alerts about `ids`.
fn owing(files: &StatusFiles, ids: &[&str]) -> Ledger {
    let mut ledger = open(files).expect("opened");
    let terms = terms(100);
    let finished = ended(ledger.status(), &terms, "ami", ids);
    ledger.conclude(&terms, vec![finished]).expect("committed");
    ledger
}

/// The first alert that is owed, refused.
fn letter(ledger: &Ledger) -> DeadLetter {
    let alert = ledger.pending().next().expect("something is owed").alert.clone();
    DeadLetter { alert, reason: "400".to_owned() }
}

fn lines(files: &StatusFiles) -> Vec<String> {
    fs::read_to_string(files.dead()).unwrap_or_default().lines().map(str::to_owned).collect()
}

#[test]
fn a_refused_alert_is_kept_with_its_reason_and_owed_no_more() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = owing(&files, &["i-1", "i-2"]);
    let refused = letter(&ledger);
    ledger.bury("jsonl", std::slice::from_ref(&refused), AT).expect("kept");
    let line: Value = serde_json::from_str(&lines(&files)[0]).expect("JSON");
    assert_eq!((&line["output"], &line["reason"], &line["at"]), (&"jsonl".into(), &"400".into(), &AT.into()));
    assert_eq!(line["alert"], serde_json::to_value(&*refused.alert).expect("JSON"));
    drop(ledger);
    assert_eq!(owed(&open(&files).expect("opened")).len(), 1);
}

#[test]
fn it_stays_owed_when_it_cannot_be_kept() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = owing(&files, &["i-1"]);
    let dead = files.dead();
    let refused = letter(&ledger);
    let full = move |step, path: &std::path::Path| {
        if step == Step::SyncAppended && path == dead { Err(std::io::Error::from(std::io::ErrorKind::StorageFull)) } else { Ok(()) }
    };
    let error = observed(full, || ledger.bury("jsonl", &[refused], AT)).expect_err("a full disk");
    assert!(matches!(error, LedgerError::DeadLetters(_)), "{error}");
    assert_eq!((owed(&ledger).len(), lines(&files).len()), (1, 0));
}

#[test]
fn half_a_line_that_a_crash_left_does_not_swallow_the_next() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = owing(&files, &["i-1"]);
    fs::write(files.dead(), "{\"output\": \"js").expect("a file");
    let refused = letter(&ledger);
    ledger.bury("jsonl", &[refused], AT).expect("kept");
    let lines = lines(&files);
    assert!(lines.len() == 2 && serde_json::from_str::<Value>(&lines[1]).is_ok(), "{lines:?}");
}

#[test]
fn what_was_refused_is_owed_again_only_to_its_output_and_once() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = owing(&files, &["i-1", "i-2"]);
    for _ in 0..2 {
        let refused = letter(&ledger);
        ledger.bury("jsonl", &[refused], AT).expect("kept");
    }
    assert_eq!((owed(&ledger).len(), ledger.dead().expect("read").len()), (0, 2));
    assert_eq!(ledger.raise("mail").expect("nothing to do"), 0);
    assert_eq!(ledger.raise("jsonl").expect("owed again"), 2);
    assert_eq!((owed(&ledger).len(), ledger.dead().expect("read").len()), (2, 0));
    drop(ledger);
    let expected = ["i-1", "i-2"].map(|id| (id.to_owned(), vec!["jsonl".to_owned()]));
    assert_eq!(owed(&open(&files).expect("opened")), expected, "although each was acknowledged once");
}

#[test]
fn a_letter_is_owed_again_before_it_is_dead_no_more_whatever_fails() {
    for number in 1.. {
        let directory = directory_in_memory();
        let files = files_in(directory.path());
        let mut ledger = owing(&files, &["i-1"]);
        let refused = letter(&ledger);
        ledger.bury("jsonl", &[refused], AT).expect("kept");
        let steps = std::rc::Rc::new(std::cell::Cell::new(0));
        let count = std::rc::Rc::clone(&steps);
        let full = move |_, _: &std::path::Path| {
            count.set(count.get() + 1);
            if count.get() == number { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        };
        let raised = observed(full, || ledger.raise("jsonl"));
        if steps.get() < number {
            assert_eq!((raised.expect("nothing failed"), number > 8), (1, true));
            return;
        }
        raised.expect_err("a step failed");
        drop(ledger);
        let ledger = open(&files).expect("opened");
        let places = owed(&ledger).len() + ledger.dead().expect("read").len();
        assert!(places >= 1, "step {number}: the alert is gone");
    }
}
