use std::path::Path;

use edda::archive::{Archive, ImportOptions, Input, import};

use super::super::{Inventory, InventoryError, QueryError, Times};
use super::later;
use crate::failure_kind::FailureKind::{BadRequest, NotFound, TimedOut};
use crate::settings::InventoryAddress;
use crate::time_window::TimeWindow;

const FIRST: i64 = 1_000_000;
const SECOND: i64 = 2_000_000;
const BOTH: TimeWindow = TimeWindow { since: 0, until: SECOND + 1 };
const NAMES: &str = "aws/securityGroups;_expand:(groupId,groupName)";

/// An archive into which two groups were taken at the first moment; at the second one is renamed and the other is gone.
struct Account(tempfile::TempDir);

impl Account {
    fn empty() -> Self {
        let account = Self(tempfile::tempdir().expect("a directory"));
        Archive::open_or_create(&account.path()).expect("a new archive");
        account
    }

    fn with_history() -> Self {
        let account = Self::empty();
        account.import(FIRST, &[("sg-1", "old"), ("sg-2", "gone")]);
        account.import(SECOND, &[("sg-1", "new")]);
        account
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("archive.sqlite")
    }

    fn import(&self, at: i64, groups: &[(&str, &str)]) {
        let group = |(id, name): &(&str, &str)| serde_json::json!({"GroupId": id, "GroupName": name, "OwnerId": "1"});
        let groups: Vec<_> = groups.iter().map(group).collect();
        let bytes = serde_json::json!({ "SecurityGroups": groups }).to_string().into_bytes();
        let input = Input { name: "ec2.describe-security-groups.json".to_owned(), bytes };
        let options = ImportOptions { at, now: at, source: None, force: false };
        let mut archive = Archive::open_or_create(&self.path()).expect("the archive");
        import(&mut archive, &[input], &options).expect("an import");
    }

    fn inventory(&self) -> Inventory {
        open(&self.path()).expect("an inventory")
    }
}

fn open(path: &Path) -> Result<Inventory, InventoryError> {
    Inventory::open(&InventoryAddress::Archive(path.to_owned()), SECOND + 1000)
}

fn ask_in(inventory: &Inventory, path: &str, times: Times, window: TimeWindow) -> Result<Vec<String>, QueryError> {
    let answer = inventory.documents(path, &times, window, later())?;
    Ok((0..answer.documents.len()).filter_map(|index| answer.documents.get(index)).map(str::to_owned).collect())
}

/// The names of the groups at these times.
fn names(times: Times, window: TimeWindow) -> Vec<String> {
    let documents = ask_in(&Account::with_history().inventory(), NAMES, times, window).expect("an answer");
    let name = |document: &String| serde_json::from_str::<serde_json::Value>(document).ok()?["groupName"].as_str().map(str::to_owned);
    documents.iter().filter_map(name).collect()
}

#[test]
fn the_state_is_that_before_the_end_of_the_window() {
    assert_eq!(names(Times::Now, BOTH), ["new"]);
    assert_eq!(names(Times::Context, BOTH), ["new"]);
    let mut earlier = names(Times::Now, TimeWindow { since: 0, until: SECOND });
    earlier.sort();
    assert_eq!(earlier, ["gone", "old"]);
    assert_eq!(names(Times::Now, TimeWindow { since: 0, until: FIRST }), [""; 0]);
}

#[test]
fn the_state_at_a_moment_lists_a_changed_document_once() {
    assert_eq!(names(Times::At(SECOND - 1), BOTH).len(), 2);
    assert_eq!(names(Times::At(SECOND), BOTH), ["new"]);
}

#[test]
fn updated_and_window_are_eddas() {
    assert_eq!(names(Times::Updated, TimeWindow { since: SECOND, until: SECOND + 1 }), ["new"]);
    assert_eq!(names(Times::Updated, TimeWindow { since: FIRST + 1, until: SECOND }), [""; 0]);
    let mut valid = names(Times::Window, TimeWindow { since: SECOND, until: SECOND + 1 });
    valid.sort();
    assert_eq!(valid, ["gone", "new", "old"]);
}

#[test]
fn a_difference_is_a_text() {
    let account = Account::with_history();
    let inventory = account.inventory();
    let paths = ["sg-1", "sg-2", "sg-3"].map(|id| format!("aws/securityGroups/{id};_diff=200"));
    let texts = inventory.texts(&paths, &Times::Window, BOTH, later());
    let text = texts[0].as_deref().expect("a difference");
    assert!(text.contains("-  \"groupName\" : \"old\",\n+  \"groupName\" : \"new\","), "{text}");
    let words = "_diff requires at least 2 documents, only 1 found";
    assert_eq!(texts[1], Err(QueryError { kind: BadRequest, status: Some(400), message: words.to_owned() }));
    assert_eq!(
        texts[2].as_ref().map_err(|error| (error.kind, error.message.as_str())),
        Err((BadRequest, "_diff requires at least 2 documents, none found"))
    );
    let whole = inventory.texts(&["aws/securityGroups".to_owned()], &Times::Now, BOTH, later());
    assert_eq!(whole, [Ok(r#"["sg-1"]"#.to_owned())]);
}

#[test]
fn the_archive_says_how_far_it_is_known() {
    let account = Account::with_history();
    let inventory = account.inventory();
    assert_eq!(inventory.newest_known_until().ok(), Some(SECOND + 1));
    assert_eq!(inventory.known_until("aws.securityGroups").ok(), Some(SECOND + 1));
    ask_in(&inventory, NAMES, Times::Now, BOTH).expect("an answer");
    let statistics = inventory.statistics();
    assert_eq!(statistics.collections.into_iter().collect::<Vec<_>>(), [("aws.securityGroups".to_owned(), SECOND + 1)]);
    assert_eq!(statistics.requests, 1);
}

#[test]
fn what_was_known_when_a_rule_asked_is_not_changed_by_a_later_import() {
    let account = Account::empty();
    account.import(FIRST, &[("sg-1", "old")]);
    let inventory = account.inventory();
    let window = TimeWindow { since: 0, until: FIRST + 1 };
    ask_in(&inventory, NAMES, Times::Now, window).expect("an answer");
    account.import(SECOND, &[("sg-1", "new")]);
    assert_eq!(inventory.known_until("aws.securityGroups").ok(), Some(FIRST + 1));
    let other_fields = ask_in(&inventory, "aws/securityGroups;_expand:(groupName)", Times::Now, window);
    assert_eq!(other_fields, Ok(vec![r#"{"groupName":"old"}"#.to_owned()]));
}

#[test]
fn a_collection_that_was_never_taken_in_names_the_command() {
    let account = Account::with_history();
    let inventory = account.inventory();
    for times in [Times::Now, Times::Context] {
        let error = ask_in(&inventory, "aws/iamUsers;_expand", times, BOTH).expect_err("never imported");
        assert_eq!((error.kind, error.status), (NotFound, Some(404)));
        assert!(error.message.contains("run `reddalert archive import --archive "), "{error}");
    }
    let error = ask_in(&inventory, "aws/nothing", Times::Now, BOTH).expect_err("no such collection");
    assert_eq!(error.kind, NotFound);
    assert!(error.message.contains("takes in aws."), "{error}");
    assert_eq!(inventory.statistics().unreachable, None);
}

#[test]
fn an_archive_that_is_missing_empty_or_none() {
    let directory = tempfile::tempdir().expect("a directory");
    assert!(matches!(open(&directory.path().join("none")).map(drop), Err(InventoryError::Archive(_))));
    assert!(!directory.path().join("none").exists(), "reading makes no file");
    let text = directory.path().join("text");
    std::fs::write(&text, "x".repeat(5000)).expect("a file");
    assert!(matches!(open(&text).map(drop), Err(InventoryError::Archive(_))));
    let error = Account::empty().inventory().newest_known_until().expect_err("nothing was taken in");
    assert!(matches!(error, InventoryError::NeverImported { .. }) && error.to_string().contains("reddalert archive import"), "{error}");
}

#[test]
fn documents_that_do_not_exist_are_not_found_and_a_difference_is_no_document() {
    let account = Account::with_history();
    let inventory = account.inventory();
    let kind = |path| ask_in(&inventory, path, Times::Now, BOTH).map_err(|error| (error.kind, error.status));
    assert_eq!(kind("aws/securityGroups/sg-1:(groupName)"), Ok(vec![r#"{"groupName":"new"}"#.to_owned()]));
    assert_eq!(kind("aws/securityGroups/sg-9"), Err((NotFound, Some(404))));
    assert_eq!(kind("aws/securityGroups/sg-1;_diff"), Err((BadRequest, Some(400))));
}

#[test]
fn a_rule_without_time_is_told_so() {
    let account = Account::with_history();
    let inventory = account.inventory();
    let answer = inventory.documents(NAMES, &Times::Now, BOTH, std::time::Instant::now()).map(drop);
    assert_eq!(answer.map_err(|error| error.kind), Err(TimedOut));
    assert!(ask_in(&inventory, NAMES, Times::Now, BOTH).is_ok());
}
