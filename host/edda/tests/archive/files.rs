//! The archive's file: what opens, what does not, and what is said about it.

use std::ops::ControlFlow;
use std::path::PathBuf;

use edda::archive::{Archive, ArchiveError};
use edda::{RecordStore, Selection, TimeConditions};
use tempfile::TempDir;

use super::{Fixture, VPCS, records, vpcs};

fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("edda.archive");
    std::fs::write(&path, bytes).expect("a file");
    (directory, path)
}

#[test]
fn reading_never_makes_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("none");
    let error = Archive::open(&path).expect_err("there is none");
    assert!(error.to_string().contains("`reddalert archive import --archive"), "{error}");
    assert!(!path.exists());
    assert!(matches!(Archive::open(directory.path()), Err(ArchiveError::NotAFile { .. })));
    assert!(matches!(Archive::open_or_create(directory.path()), Err(ArchiveError::NotAFile { .. })));
    assert!(Archive::open_or_create(&directory.path().join("no/such/directory")).is_err());
}

#[test]
fn a_file_of_something_else_is_not_touched() {
    let text = b"this is a text of more than sixteen bytes, and no database at all".repeat(20);
    let (_directory, path) = file(&text);
    assert!(matches!(Archive::open(&path), Err(ArchiveError::NotAnArchive { .. })));
    assert!(matches!(Archive::open_or_create(&path), Err(ArchiveError::NotAnArchive { .. })));
    assert_eq!(std::fs::read(&path).expect("still there"), text);
}

#[test]
fn a_database_of_another_program_is_not_touched() {
    let (_directory, path) = file(b"");
    let other = rusqlite::Connection::open(&path).expect("a database");
    other.execute_batch("CREATE TABLE theirs (x)").expect("a table");
    drop(other);
    assert!(matches!(Archive::open(&path), Err(ArchiveError::NotAnArchive { .. })));
    assert!(matches!(Archive::open_or_create(&path), Err(ArchiveError::NotAnArchive { .. })));
}

#[test]
fn an_empty_file_becomes_an_archive_by_the_first_import_only() {
    let (_directory, path) = file(b"");
    assert!(matches!(Archive::open(&path), Err(ArchiveError::Missing { .. })));
    drop(Archive::open_or_create(&path).expect("an archive"));
    assert!(Archive::open(&path).is_ok());
}

#[test]
fn an_archive_of_a_later_release_is_refused_with_both_versions() {
    let fixture = Fixture::new();
    let path = fixture.archive.path().to_owned();
    rusqlite::Connection::open(&path).and_then(|other| other.pragma_update(None, "user_version", 99)).expect("a version");
    let message = Archive::open(&path).expect_err("too new").to_string();
    assert!(message.contains("has format 99, this release reads up to 1"), "{message}");
    assert!(matches!(Archive::open_or_create(&path), Err(ArchiveError::Newer { .. })));
}

#[test]
fn damage_is_named_and_never_taken_for_emptiness() {
    let mut fixture = Fixture::new();
    let names: Vec<String> = (0..2000).map(|number| format!("vpc-{number}")).collect();
    fixture.import(1, &[(VPCS, &vpcs(&names.iter().map(String::as_str).collect::<Vec<_>>()))]).expect("an import");
    let Fixture { directory, archive } = fixture;
    let path = archive.path().to_owned();
    drop(archive);
    let mut bytes = std::fs::read(&path).expect("the file");
    let length = bytes.len();
    bytes[8192..length].fill(0xA5);
    std::fs::write(&path, &bytes).expect("damage");
    let selection = Selection { collection: "aws.vpcs".into(), ids: None, times: TimeConditions::all() };
    let asked = Archive::open(&path).map(|archive| archive.records(&selection, &mut |_| ControlFlow::Continue(())));
    match asked {
        Err(ArchiveError::Damaged { .. }) => {}
        Ok(Err(error)) => {
            let cause = std::error::Error::source(&error).expect("a cause").to_string();
            assert!(cause.contains("is damaged; put a copy of it in its place"), "{cause}");
        }
        other => panic!("{other:?}"),
    }
    drop(directory);
}

#[test]
fn readers_see_whole_imports_while_one_goes_on() {
    let mut fixture = Fixture::new();
    fixture.import(1, &[(VPCS, &vpcs(&["vpc-1", "vpc-2"]))]).expect("an import");
    let path = fixture.archive.path().to_owned();
    let reader = Archive::open(&path).expect("an archive");
    // Another process in the middle of an import, which is then killed.
    let mut killed = rusqlite::Connection::open(&path).expect("a connection");
    let transaction = killed.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("a transaction");
    transaction.execute("UPDATE records SET ltime = 5", []).expect("some rows");
    assert_eq!(records(&reader, "aws.vpcs", TimeConditions::current()).len(), 2);
    drop(transaction);
    drop(killed);
    assert_eq!(records(&reader, "aws.vpcs", TimeConditions::current()).len(), 2);
    fixture.import(2, &[(VPCS, &vpcs(&["vpc-1"]))]).expect("the next import");
    assert_eq!(records(&reader, "aws.vpcs", TimeConditions::current()).len(), 1);
}

#[test]
fn one_archive_answers_several_threads_and_a_question_inside_another() {
    let mut fixture = Fixture::new();
    fixture.import(1, &[(VPCS, &vpcs(&["vpc-1", "vpc-2"]))]).expect("an import");
    let archive = &fixture.archive;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let selection = Selection { collection: "aws.vpcs".into(), ids: None, times: TimeConditions::current() };
                let mut seen = 0;
                let mut visit = |_| {
                    seen += records(archive, "aws.vpcs", TimeConditions::all()).len();
                    ControlFlow::Continue(())
                };
                archive.records(&selection, &mut visit).expect("an answer");
                assert_eq!(seen, 4);
            });
        }
    });
}

#[test]
fn known_collections_are_there_before_their_first_import() {
    let fixture = Fixture::new();
    assert!(fixture.archive.has_collection("aws.securityGroups") && fixture.archive.has_collection("view.instances"));
    assert!(!fixture.archive.has_collection("aws.nothing"));
    assert_eq!(fixture.history("aws.securityGroups"), [""; 0]);
    assert!(edda::archive::known_collections().any(|name| name == "aws.iamUsers"));
}

#[test]
fn single_ids_are_found_whatever_they_hold() {
    let mut fixture = Fixture::new();
    let odd = r#"{"Vpcs":[{"VpcId":"a,b"},{"VpcId":"it's \"odd\""},{"VpcId":"é"}]}"#;
    fixture.import(1, &[(VPCS, odd)]).expect("an import");
    let ids = ["é", "it's \"odd\"", "none", "é"].map(ToOwned::to_owned).to_vec();
    let selection = Selection { collection: "aws.vpcs".into(), ids: Some(ids), times: TimeConditions::current() };
    let mut found = Vec::new();
    let mut visit = |record: edda::Record| {
        found.push(record.id);
        ControlFlow::Continue(())
    };
    fixture.archive.records(&selection, &mut visit).expect("an answer");
    assert_eq!(found, ["it's \"odd\"", "é"]);
}
