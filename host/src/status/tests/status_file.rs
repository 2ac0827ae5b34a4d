//! Reading and writing the status file.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::{Value, json};

use super::super::{StatusError, StatusFile, StatusFiles};
use super::{chain, ended_with, files_in, object, open, remembered, rule, terms};

fn load(text: &str) -> Result<StatusFile, StatusError> {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    fs::write(files.status(), text).expect("written");
    StatusFile::load(&files)
}

fn read(files: &StatusFiles) -> Value {
    serde_json::from_slice(&fs::read(files.status()).expect("a status file")).expect("JSON")
}

#[test]
fn an_absent_file_is_a_first_run() {
    let directory = tempfile::tempdir().expect("a directory");
    let status = StatusFile::load(&files_in(directory.path())).expect("nothing is fine");
    assert_eq!((status.since(), status.progress_of(&rule("ami"))), (0, 0));
    assert!(status.section(&rule("ami")).is_empty());
}

#[test]
fn the_file_of_the_original_is_taken_over_as_it_is() {
    let status =
        load(r#"{"plugin.ami": {"first_seen": {"ami-1": 1682547200000}}, "plugin.newtag": {}, "since": 1700000000000}"#).expect("read");
    assert_eq!(status.since(), 1_700_000_000_000);
    assert_eq!(status.progress_of(&rule("iam")), 1_700_000_000_000);
    assert_eq!(status.section(&rule("ami")), object(json!({"first_seen": {"ami-1": 1_682_547_200_000_i64}})));
}

#[test]
fn what_the_original_really_wrote_is_read_and_survives() {
    let files = [
        include_str!("../../../../tests/data/original/edda-rules/status-in.json"),
        include_str!("../../../../tests/data/original/edda-rules/first-run/status-out.json"),
        include_str!("../../../../tests/data/original/edda-rules/incremental/status-out.json"),
    ];
    for text in files {
        let mut written = serde_json::to_value(load(text).expect(text)).expect("JSON");
        written.as_object_mut().expect("an object").remove("reddalert").expect("our own key");
        assert_eq!(written, serde_json::from_str::<Value>(text).expect("JSON"));
    }
}

#[test]
fn whatever_keys_a_rule_remembers_are_read_again() {
    let text = r#"{"plugin.ami":{"key":{"a":1,"$serde_json::private::RawValue":4}}}"#;
    let written = serde_json::to_string(&load(text).expect("read")).expect("JSON");
    let remembered = load(&written).expect("read again").section(&rule("ami"));
    assert_eq!(serde_json::to_string(&remembered).expect("JSON"), r#"{"key":{"$serde_json::private::RawValue":4,"a":1}}"#);
}

#[test]
fn q3_since_may_be_a_text_and_stays_one_until_it_moves() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    fs::write(files.status(), r#"{"since": "1000"}"#).expect("written");
    for (until, since) in [(900, json!("1000")), (2000, json!(2000))] {
        let mut ledger = open(&files).expect("opened");
        assert_eq!(ledger.status().since(), 1000);
        ledger.conclude(&terms(until), Vec::new()).expect("written");
        assert_eq!(read(&files)["since"], since);
    }
}

#[test]
fn own_progress_counts_before_since() {
    let own = r#""reddalert": {"version": 1, "progress": {"ami": 7}, "accepted": {}, "outbox": 0}"#;
    let status = load(&format!(r#"{{"since": 5, {own}}}"#)).expect("read");
    assert_eq!((status.progress_of(&rule("ami")), status.progress_of(&rule("iam"))), (7, 5));
}

#[test]
fn what_others_wrote_stays_and_our_key_has_exactly_its_form() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    fs::write(files.status(), r#"{"since": 100, "note": [1, {"a": null}], "plugin.s3acl": {"x": 1.5}, "plugin.iam": {"old": 1}}"#)
        .expect("written");
    let mut ledger = open(&files).expect("opened");
    let terms = terms(200);
    let seen = |ended: &mut super::EndedRule| {
        ended.remembered = remembered("é");
        ended.known_until = Some(150);
    };
    let ami = ended_with(ledger.status(), &terms, "ami", &["i-1"], seen);
    let hash = super::alert("ami", "i-1", ami.window).content_hash;
    let iam = ended_with(ledger.status(), &terms, "iam", &[], |_| ());
    ledger.conclude(&terms, vec![ami, iam]).expect("written");
    let length = fs::metadata(files.outbox()).expect("an outbox").len();
    assert_eq!(
        read(&files),
        json!({
            "since": 200, "note": [1, {"a": null}], "plugin.s3acl": {"x": 1.5}, "plugin.iam": {}, "plugin.ami": {"seen": "é"},
            "reddalert": {
                "version": 1, "progress": {"ami": 150, "iam": 200}, "accepted": {"ami": [{"until": 200, "hashes": [hash]}]}, "outbox": length,
            },
        })
    );
    let text = fs::read_to_string(files.status()).expect("text");
    assert!(text.starts_with("{\n    \"reddalert\": {\n        \"version\": 1,\n") && text.ends_with("\n}\n"), "{text}");
    let read_back = StatusFile::load(&files).expect("its own file");
    assert_eq!(&read_back, ledger.status());
}

#[test]
fn a_damaged_file_is_an_error_with_its_place_and_what_to_do() {
    let own = |inside: &str| format!("{{\n\"reddalert\": {{{inside}}}\n}}");
    let cases = [
        (String::new(), 1, "EOF"),
        ("since: 5".to_owned(), 1, "expected value"),
        ("{\n\"since\": 5,\n\"plugin.ami\": {".to_owned(), 3, "EOF"),
        ("[]".to_owned(), 1, "an object with `since`"),
        ("null".to_owned(), 1, "an object with `since`"),
        ("{} {}".to_owned(), 1, "trailing characters"),
        ("{\n\"since\": \"soon\"}".to_owned(), 2, "`since`: invalid value: string \"soon\""),
        ("{\n\"since\": -1}".to_owned(), 2, "a moment in whole milliseconds"),
        ("{\n\"since\": null}".to_owned(), 2, "a moment in whole milliseconds"),
        ("{\"since\": 1,\n\"since\": 2}".to_owned(), 2, "the key `since` is there twice"),
        ("{\n\n\"plugin.ami\": []}".to_owned(), 3, "`plugin.ami` must be an object"),
        ("{\n\"plugin.ami\": null}".to_owned(), 2, "`plugin.ami` must be an object"),
        (own(""), 2, "missing field"),
        (own(r#""version": 0, "progress": {}, "accepted": {}, "outbox": 0"#), 3, "`reddalert.version` is 0"),
        (own(r#""version": 1, "progress": {}, "accepted": {}"#), 2, "missing field `outbox`"),
        (own(r#""version": 1, "progress": {"A": 1}, "accepted": {}, "outbox": 0"#), 2, "is no rule name"),
        (own(r#""version": 1, "progress": {"ami": null}, "accepted": {}, "outbox": 0"#), 2, "a moment in whole milliseconds"),
        (own(r#""version": 1, "progress": {}, "accepted": {"ami": {}}, "outbox": 0"#), 2, "expected a sequence"),
        (own(r#""version": 1, "progress": {}, "accepted": {}, "outbox": -1"#), 2, "expected u64"),
        (own(r#""version": 1, "progres": {}, "accepted": {}, "outbox": 0"#), 2, "unknown field `progres`"),
    ];
    for (text, at_line, cause) in cases {
        let error = load(&text).expect_err(&text);
        let StatusError::Damaged { line, .. } = &error else { panic!("{text}: {error}") };
        assert_eq!(*line, at_line, "{text}: {}", chain(&error));
        assert!(chain(&error).contains(cause), "{text}: {}", chain(&error));
        assert!(error.to_string().contains("status.json") && error.to_string().contains("restore it from a copy"), "{error}");
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_an_error() {
    let whole = r#"{"reddalert": {"version": 1, "progress": {"ami": 12}, "accepted": {}, "outbox": 0}, "since": 345}"#;
    for length in 0..whole.len() {
        load(&whole[..length]).expect_err(&whole[..length]);
    }
    load(whole).expect("whole");
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(files_in(directory.path()).status(), b"{\"a\": \"\xff\"}").expect("written");
    assert!(matches!(StatusFile::load(&files_in(directory.path())), Err(StatusError::Damaged { .. })), "not UTF-8");
}

#[test]
fn a_later_version_is_named_whatever_else_it_brings() {
    let error = load(r#"{"reddalert": {"version": 2, "more": {}}, "plugin.ami": 7}"#).expect_err("too new");
    assert!(matches!(error, StatusError::TooNew { version: 2, .. }), "{error}");
    assert!(error.to_string().contains("use the release that wrote it"), "{error}");
}

#[test]
fn what_is_no_readable_file_is_an_error() {
    let directory = tempfile::tempdir().expect("a directory");
    let files = files_in(directory.path());
    fs::create_dir(files.status()).expect("a directory");
    assert!(matches!(StatusFile::load(&files), Err(StatusError::NoFile { .. })));
    let file = directory.path().join("file");
    fs::write(&file, "").expect("written");
    let below_a_file = StatusFile::load(&files_in(&file)).expect_err("a path below a file");
    assert!(matches!(below_a_file, StatusError::Unreadable { .. }), "{below_a_file}");
    assert!(chain(&below_a_file).contains("status.json"));
    let device = StatusFile::load(&StatusFiles::new("/dev/zero".as_ref())).expect_err("would never end");
    assert!(matches!(device, StatusError::NoFile { .. }), "{device}");
}

#[test]
fn a_link_stays_a_link_and_the_mode_stays() {
    let directory = tempfile::tempdir().expect("a directory");
    let (real, link) = (directory.path().join("real.json"), directory.path().join("link.json"));
    fs::write(&real, "{}").expect("written");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o644)).expect("a mode");
    symlink(&real, &link).expect("a link");
    open(&StatusFiles::new(&link)).expect("opened").conclude(&terms(10), Vec::new()).expect("written");
    assert!(link.is_symlink());
    assert_eq!(read(&StatusFiles::new(&real))["since"], 10);
    assert_eq!(fs::metadata(&real).expect("a file").permissions().mode() & 0o777, 0o644);
}
