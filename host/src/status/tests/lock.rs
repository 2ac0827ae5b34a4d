//! The run lock.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use super::super::{RunLock, RunLockError, StatusFiles};
use super::{acquire_free, chain, files_in};
use crate::exit_code::Exit;

const STATUS_OF_THE_CHILD: &str = "REDDALERT_TEST_STATUS";

#[test]
fn a_second_run_is_refused_until_the_first_has_ended() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    let first = acquire_free(&files);
    let error = RunLock::acquire(&files).expect_err("held");
    assert!(matches!(error, RunLockError::Held { .. }));
    assert_eq!(error.exit(), Exit::Locked);
    assert!(error.to_string().contains("status.json.lock"), "{error}");
    drop(first);
    acquire_free(&files);
}

#[test]
fn q1_a_file_that_the_original_left_is_no_lock() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    let unique = directory.path().join("host-7f1c.1234");
    fs::write(&unique, "").expect("what the lock library leaves");
    fs::hard_link(&unique, files.lock()).expect("its lock");
    acquire_free(&files);
}

#[test]
fn the_lock_keeps_what_is_in_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    fs::write(files.lock(), "kept").expect("written");
    drop(acquire_free(&files));
    assert_eq!(fs::read_to_string(files.lock()).expect("still there"), "kept");
}

#[test]
fn what_cannot_be_locked_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = files_in(&directory.path().join("absent"));
    let in_the_way = files_in(directory.path());
    fs::create_dir(in_the_way.lock()).expect("a directory in the way");
    for files in [missing, in_the_way] {
        let error = RunLock::acquire(&files).expect_err("no file to lock");
        assert_eq!(error.exit(), Exit::Status);
        assert!(chain(&error).contains("status.json.lock"), "{}", chain(&error));
    }
}

/// Does nothing unless [`the_lock_dies_with_its_process`] starts it.
#[test]
fn holds_the_lock_as_a_child() {
    let Some(status) = std::env::var_os(STATUS_OF_THE_CHILD) else { return };
    let _lock = RunLock::acquire(&StatusFiles::new(status.as_ref())).expect("free");
    writeln!(std::io::stdout(), "\nheld").expect("the parent listens");
    std::io::stdin().read_to_end(&mut Vec::new()).expect("until the parent kills");
}

#[test]
fn the_lock_dies_with_its_process() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "status::tests::lock::holds_the_lock_as_a_child", "--nocapture"])
        .env(STATUS_OF_THE_CHILD, files.status())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let output = BufReader::new(child.stdout.take().expect("piped"));
    assert!(output.lines().any(|line| line.expect("text") == "held"), "the child took the lock");
    assert!(matches!(RunLock::acquire(&files), Err(RunLockError::Held { .. })));
    child.kill().expect("killed");
    child.wait().expect("ended");
    // Nobody released it.
    acquire_free(&files);
}
