//! A disk that is full or refuses a step: an error, and nothing half committed.

use std::cell::Cell;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::rc::Rc;

use super::super::durable_file::Step;
use super::super::{Ledger, LedgerError, StatusError, StatusFile};
use super::crash::{Delivered, assert_nothing_lost, run};
use super::disk::observed;
use super::{acquire_free, chain, directory_in_memory, ended, files_in, open, owed, terms};

/// Lets the step with this number fail, as a full disk does.
fn failing_at(number: usize) -> (Rc<Cell<usize>>, impl FnMut(Step, &Path) -> io::Result<()> + 'static) {
    let steps = Rc::new(Cell::new(0));
    let count = Rc::clone(&steps);
    let observer = move |_: Step, _: &Path| {
        count.set(count.get() + 1);
        if count.get() == number { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    };
    (steps, observer)
}

#[test]
fn a_step_that_fails_is_an_error_and_the_next_run_makes_up_for_it() {
    for first in [true, false] {
        for number in 1.. {
            let directory = directory_in_memory();
            let delivered = Delivered::default();
            drop(acquire_free(&files_in(directory.path()))); // Making the lock file is no step of the ledger.
            if !first {
                run(directory.path(), 100, &delivered).expect("an undisturbed run");
            }
            let (steps, observer) = failing_at(number);
            let until = if first { 100 } else { 200 };
            let context = format!("run until {until}, step {number} failed");
            let result = observed(observer, || run(directory.path(), until, &delivered));
            if steps.get() < number {
                result.expect("nothing failed");
                break;
            }
            let error = result.expect_err(&context);
            assert!(chain(&error).contains("status.json"), "{context}: {}", chain(&error));
            StatusFile::load(&files_in(directory.path())).expect(&context);
            for until in [until, 200, 300] {
                run(directory.path(), until, &delivered).expect(&context);
            }
            assert_nothing_lost(directory.path(), &delivered, &context);
        }
    }
}

fn run_that_finds(ledger: &mut Ledger) -> Result<(), LedgerError> {
    let finished = ended(ledger.status(), &terms(100), "ami", &["i-1"]);
    ledger.conclude(&terms(100), vec![finished]).map(|_| ())
}

#[test]
fn a_full_disk_leaves_the_old_status_and_owes_nothing() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    fs::write(files.status(), r#"{"since": 50}"#).expect("written");
    symlink("/dev/full", files.outbox()).expect("an outbox on a full disk");
    let mut ledger = open(&files).expect("opened");
    let error = run_that_finds(&mut ledger).expect_err("no room");
    assert!(matches!(error, LedgerError::Outbox(_)), "{error}");
    assert!(chain(&error).contains("status.json.outbox") && chain(&error).contains("No space left"), "{}", chain(&error));
    assert!(owed(&ledger).is_empty());
    assert!(matches!(run_that_finds(&mut ledger), Err(LedgerError::Broken)), "no second try on a disk in doubt");
    assert_eq!(fs::read_to_string(files.status()).expect("read"), r#"{"since": 50}"#);
}

#[test]
fn a_status_that_cannot_be_replaced_owes_nothing() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    let mut ledger = open(&files).expect("opened");
    fs::create_dir_all(directory.path().join("status.json.tmp/in-the-way")).expect("a directory that is not empty");
    let error = run_that_finds(&mut ledger).expect_err("in the way");
    assert!(matches!(error, LedgerError::Status(StatusError::Unwritable { .. })), "{error}");
    assert!(owed(&ledger).is_empty() && !files.status().exists());
    drop(ledger);
    fs::remove_dir_all(directory.path().join("status.json.tmp")).expect("removed");
    let mut next = open(&files).expect("the uncommitted part is cut off");
    assert!(owed(&next).is_empty());
    run_that_finds(&mut next).expect("found again");
    assert_eq!(owed(&next).len(), 1);
}

#[test]
fn an_acknowledgement_that_cannot_be_kept_is_an_error_and_not_sent_again_in_this_run() {
    let directory = directory_in_memory();
    let files = files_in(directory.path());
    symlink("/dev/full", files.sent()).expect("on a full disk");
    let mut ledger = open(&files).expect("opened");
    run_that_finds(&mut ledger).expect("committed");
    let id = ledger.pending().next().expect("owed").alert.alert_id.clone();
    assert!(matches!(ledger.acknowledge("jsonl", [id.as_str()]), Err(LedgerError::Sent(_))));
    assert!(owed(&ledger).is_empty());
    drop(ledger);
    assert_eq!(owed(&open(&files).expect("opened")).len(), 1, "the next run sends it again");
}

#[test]
fn something_else_in_the_place_of_a_file_is_named() {
    for ending in ["outbox", "sent"] {
        let directory = directory_in_memory();
        let files = files_in(directory.path());
        fs::create_dir(directory.path().join(format!("status.json.{ending}"))).expect("a directory in the way");
        let error = open(&files).expect_err("a directory");
        assert!(chain(&error).contains(&format!("status.json.{ending}")), "{}", chain(&error));
    }
}

#[test]
fn a_run_that_changes_nothing_writes_nothing() {
    let directory = directory_in_memory();
    let delivered = Delivered::default();
    run(directory.path(), 300, &delivered).expect("a run");
    let mut ledger = open(&files_in(directory.path())).expect("opened");
    let no_step = |step: Step, _: &Path| Err(io::Error::other(format!("{step:?}")));
    observed(no_step, || ledger.commit(&terms(300), Vec::new())).expect("nothing to write");
}
