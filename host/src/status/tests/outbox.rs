//! What is owed, and to whom.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::Arc;

use super::super::outbox::Outbox;
use super::super::{Ledger, LedgerError, OutboxError, RunTerms, StatusFiles};
use super::{alert, chain, directory_in_memory, ended, ended_with, files_in, open, owed, terms};
use crate::settings::Subscriber;
use crate::time_window::{EpochMillis, TimeWindow};

const WINDOW: TimeWindow = TimeWindow { since: 0, until: 100 };

fn to(outputs: &[&str], until: EpochMillis) -> RunTerms {
    RunTerms { outputs: outputs.iter().map(|name| Subscriber::to_everything(*name)).collect(), ..terms(until) }
}

/// A run in which `ami` finds `ids`. Nothing is sent yet.
fn found(files: &StatusFiles, terms: &RunTerms, ids: &[&str]) -> Ledger {
    let mut ledger = open(files).expect("opened");
    let finished = ended(ledger.status(), terms, "ami", ids);
    ledger.conclude(terms, vec![finished]).expect("committed");
    ledger
}

/// `output` takes the alerts with these ids of things.
fn take(ledger: &mut Ledger, output: &str, ids: &[&str]) {
    let of_these: Vec<String> =
        ledger.pending().filter(|owed| ids.contains(&owed.alert.id.as_str())).map(|owed| owed.alert.alert_id.clone()).collect();
    ledger.acknowledge(output, of_these.iter().map(String::as_str)).expect("kept");
}

fn owes(id: &str, outputs: &[&str]) -> (String, Vec<String>) {
    (id.to_owned(), outputs.iter().map(|name| (*name).to_owned()).collect())
}

fn size(path: impl AsRef<std::path::Path>) -> u64 {
    fs::metadata(path).expect("a file").len()
}

#[test]
fn what_an_output_has_not_acknowledged_is_pending_at_the_next_run_for_that_output_alone() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut first = found(&files, &to(&["jsonl", "mail"], 100), &["i-1", "i-2"]);
    assert_eq!(owed(&first), [owes("i-1", &["jsonl", "mail"]), owes("i-2", &["jsonl", "mail"])]);
    take(&mut first, "jsonl", &["i-1", "i-2"]);
    take(&mut first, "mail", &["i-2"]);
    let sent: Vec<_> = first.pending().cloned().collect();
    first.close().expect("closed");
    let mut second = found(&files, &to(&["jsonl"], 200), &["i-3"]);
    assert_eq!(owed(&second), [owes("i-1", &["mail"]), owes("i-3", &["jsonl"])], "oldest first");
    assert_eq!(second.pending().next(), sent.first(), "the alert as it was");
    take(&mut second, "mail", &["i-1"]);
    take(&mut second, "jsonl", &["i-3"]);
    second.close().expect("closed");
    assert!(owed(&open(&files).expect("opened")).is_empty());
    assert_eq!((size(files.outbox()), size(files.sent())), (0, 0), "emptied when nothing is pending");
}

#[test]
fn the_lines_are_json_with_the_alert_and_its_outputs() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = found(&files, &to(&["jsonl", "mail"], 100), &["i-1"]);
    take(&mut ledger, "mail", &["i-1"]);
    let outbox: serde_json::Value = serde_json::from_slice(&fs::read(files.outbox()).expect("read")).expect("one JSON line");
    assert_eq!((&outbox["alert"]["id"], &outbox["owed"]), (&"i-1".into(), &serde_json::json!(["jsonl", "mail"])));
    let sent: serde_json::Value = serde_json::from_slice(&fs::read(files.sent()).expect("read")).expect("one JSON line");
    assert_eq!(sent, serde_json::json!({"alert_id": outbox["alert"]["alert_id"], "output": "mail"}));
}

#[test]
fn learning_takes_alerts_in_and_owes_them_to_nobody() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut learn = open(&files).expect("opened");
    let finished = ended_with(learn.status(), &to(&[], 100), "ami", &["i-1"], |ended| ended.known_until = Some(50));
    let taken = learn.conclude(&to(&[], 100), vec![finished]).expect("committed");
    assert_eq!((taken[0].alerts.len(), owed(&learn).len()), (1, 0));
    learn.close().expect("closed");
    let next = found(&files, &to(&["jsonl"], 200), &["i-1", "i-2"]);
    assert_eq!(owed(&next), [owes("i-2", &["jsonl"])], "also what is found again in the part that was left open");
}

#[test]
fn an_alert_that_is_already_owed_is_not_owed_twice() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let again = |outputs: &[&str]| RunTerms { store_until: false, since: Some(0), ..to(outputs, 100) };
    drop(found(&files, &again(&["jsonl", "jsonl"]), &["i-1"]));
    drop(found(&files, &again(&["jsonl"]), &["i-1"]));
    let mut third = found(&files, &again(&["jsonl", "mail"]), &["i-1"]);
    assert_eq!(owed(&third), [owes("i-1", &["jsonl"]), owes("i-1", &["mail"])]);
    take(&mut third, "jsonl", &["i-1"]);
    drop(third);
    let fourth = found(&files, &again(&["jsonl"]), &["i-1"]);
    assert_eq!(owed(&fourth), [owes("i-1", &["mail"]), owes("i-1", &["jsonl"])], "it was taken, and the operator wants it once more");
    drop(fourth);
    assert_eq!(owed(&open(&files).expect("opened")), [owes("i-1", &["mail"]), owes("i-1", &["jsonl"])], "the same from the disk");
}

#[test]
fn equal_alerts_of_one_commit_are_one() {
    let directory = directory_in_memory();
    let mut outbox = Outbox::open(&files_in(directory.path()), 0).expect("opened");
    let (one, other) = (Arc::new(alert("ami", "i-1", WINDOW).alert), Arc::new(alert("ami", "i-2", WINDOW).alert));
    let staged = outbox.stage([&one, &other, &one], &[Subscriber::to_everything("jsonl")]).expect("staged");
    outbox.append(&staged).expect("appended");
    assert_eq!(outbox.pending().count(), 0, "not before it is committed");
    outbox.adopt(staged);
    assert_eq!(outbox.pending().map(|owed| owed.alert.id.as_str()).collect::<Vec<_>>(), ["i-1", "i-2"]);
}

#[test]
fn an_acknowledgement_that_a_crash_left_does_not_hide_an_alert_that_comes_again() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let again = RunTerms { store_until: false, since: Some(0), ..terms(100) };
    let mut ledger = found(&files, &again, &["i-1"]);
    take(&mut ledger, "jsonl", &["i-1"]);
    let left = fs::read(files.sent()).expect("read");
    ledger.close().expect("closed");
    fs::write(files.sent(), left).expect("as if the crash came before it was emptied");
    drop(found(&files, &again, &["i-1"]));
    assert_eq!(owed(&open(&files).expect("opened")), [owes("i-1", &["jsonl"])]);
}

#[test]
fn acknowledgements_of_others_are_ignored_and_a_torn_one_is_no_error() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = found(&files, &to(&["jsonl", "mail"], 100), &["i-1", "i-2"]);
    ledger.acknowledge("jsonl", ["unknown"]).expect("ignored");
    assert_eq!(size(files.sent()), 0);
    take(&mut ledger, "jsonl", &["i-1"]);
    take(&mut ledger, "jsonl", &["i-1"]);
    let id = ledger.pending().next().expect("pending").alert.alert_id.clone();
    drop(ledger);
    let whole = fs::read_to_string(files.sent()).expect("read");
    assert_eq!(whole.lines().count(), 1, "written once");
    let mut sent = OpenOptions::new().append(true).open(files.sent()).expect("opened");
    write!(sent, "{{\"alert_id\":\"unknown\",\"output\":\"mail\"}}\n\0\0\n{{\"alert_id\":\"{id}\",\"output\":\"mail\"}}").expect("written");
    let mut next = open(&files).expect("no error");
    assert_eq!(owed(&next), [owes("i-1", &["mail"]), owes("i-2", &["jsonl", "mail"])]);
    take(&mut next, "mail", &["i-1"]);
    drop(next);
    assert_eq!(owed(&open(&files).expect("opened")), [owes("i-2", &["jsonl", "mail"])], "written on a line of its own");
}

#[test]
fn what_lies_behind_the_committed_length_is_cut_off() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    drop(found(&files, &terms(100), &["i-1"]));
    let committed = size(files.outbox());
    for tail in ["{\"alert\":", "garbage\nmore\n", "\0\0\0"] {
        OpenOptions::new().append(true).open(files.outbox()).expect("opened").write_all(tail.as_bytes()).expect("written");
        assert_eq!(owed(&open(&files).expect("no error")), [owes("i-1", &["jsonl"])]);
        assert_eq!(size(files.outbox()), committed);
    }
}

#[test]
fn a_committed_part_that_is_gone_or_damaged_is_an_error_and_is_left_alone() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    drop(found(&files, &terms(100), &["i-1", "i-2"]));
    let whole = fs::read(files.outbox()).expect("read");
    let mut damages: Vec<Vec<u8>> = (0..whole.len()).map(|length| whole[..length].to_vec()).collect();
    for (index, byte) in [(0, b'x'), (whole.len() - 1, b' '), (whole.len() - 2, b'\n')] {
        damages.push(whole.clone());
        damages.last_mut().expect("just pushed")[index] = byte;
    }
    for damaged in damages {
        fs::write(files.outbox(), &damaged).expect("written");
        let error = open(&files).expect_err("damage");
        assert!(matches!(error, LedgerError::Outbox(OutboxError::TooShort { .. } | OutboxError::Damaged { .. })), "{error}");
        let message = chain(&error);
        assert!(message.contains("status.json.outbox") && message.contains("set `reddalert.outbox` in the status file to 0"), "{message}");
        assert_eq!(fs::read(files.outbox()).expect("read"), damaged);
    }
    fs::remove_file(files.outbox()).expect("removed");
    assert!(matches!(open(&files), Err(LedgerError::Outbox(OutboxError::TooShort { length: 0, .. }))));
    fs::write(files.outbox(), whole).expect("restored");
    assert_eq!(owed(&open(&files).expect("whole again")).len(), 2);
}

#[test]
fn a_damaged_line_is_named() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    drop(found(&files, &terms(100), &["i-1", "i-2"]));
    let text = fs::read_to_string(files.outbox()).expect("read").replace("\"id\":\"i-2\"", "\"id\":1000 ");
    fs::write(files.outbox(), text).expect("written");
    let error = open(&files).expect_err("damage");
    assert!(matches!(error, LedgerError::Outbox(OutboxError::Damaged { line: 2, .. })), "{}", chain(&error));
}

#[test]
fn rules_that_end_earlier_are_committed_while_others_run() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = open(&files).expect("opened");
    let early = ended(ledger.status(), &terms(100), "ami", &["i-1"]);
    ledger.commit(&terms(100), vec![early]).expect("committed");
    drop(ledger);
    let mut next = open(&files).expect("as after a crash");
    assert_eq!((owed(&next), next.status().since()), (vec![owes("i-1", &["jsonl"])], 0));
    assert_eq!([super::rule("ami"), super::rule("iam")].map(|name| next.status().progress_of(&name)), [100, 0]);
    let late = ended(next.status(), &terms(100), "iam", &["bob"]);
    next.conclude(&terms(100), vec![late]).expect("committed");
    assert_eq!((owed(&next).len(), next.status().since()), (2, 100));
}

#[test]
fn one_long_backlog_is_settled_in_linear_time() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let ids: Vec<String> = (0..10_000).map(|number| format!("i-{number}")).collect();
    let mut ledger = found(&files, &terms(100), &ids.iter().map(String::as_str).collect::<Vec<_>>());
    let all: Vec<String> = ledger.pending().map(|owed| owed.alert.alert_id.clone()).collect();
    for batch in all.rchunks(100) {
        ledger.acknowledge("jsonl", batch.iter().map(String::as_str)).expect("kept");
    }
    ledger.close().expect("closed");
    assert_eq!(size(files.outbox()), 0);
}
