use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, CallError, ErrorKind, Severity, Times, Window};
use serde_json::{Value, json};

use crate::{Iam, ONLY_ONE_REVISION};

const ADDED_TO_ADMIN: &str =
    "--- x\n+++ x\n@@ -1,5 +1,6 @@\n {\n   \"groups\" : [\n-    \"dev\"\n+    \"dev\",\n+    \"admin\"\n   ]\n }\n";
const NEW_KEY: &str = "--- x\n+++ x\n@@ -1,4 +1,5 @@\n {\n+  \"accessKeys\" : [ ],\n   \"groups\" : [\n     \"dev\"\n   ]\n }\n";

fn error(kind: ErrorKind, status: u16, message: &str) -> CallError {
    CallError { kind, status: Some(status), message: message.to_owned() }
}

fn only_one_revision() -> CallError {
    error(ErrorKind::BadRequest, 400, ONLY_ONE_REVISION)
}

fn host<const N: usize>(users: [(&str, Result<&str, CallError>); N]) -> MockHost {
    let names: Vec<Value> = users.iter().map(|(name, _)| json!(name)).collect();
    let host = MockHost::new(Window { since: 100, until: 200 }).with_documents_at("aws/iamUsers", Times::Updated, names);
    users
        .into_iter()
        .fold(host, |host, (name, diff)| host.with_text(&format!("aws/iamUsers/{name};_diff=200"), diff.map(ToOwned::to_owned)))
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<Iam>(&json!({"allowed": ["ci-"]}), host).expect("a run")
}

fn text(alert: &Alert) -> String {
    alert.details[0].to_json().as_str().expect("a text").to_owned()
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Iam>("cases");
}

#[test]
fn a_user_added_to_a_group_is_told_once() {
    let alerts = run(&host([("bob", Ok(ADDED_TO_ADMIN)), ("bob", Ok(ADDED_TO_ADMIN))]));
    assert_eq!(alerts.len(), 1);
    assert_eq!((&*alerts[0].id, text(&alerts[0]).as_str()), ("bob", "Groups the user has been added to: admin"));
    assert_eq!((alerts[0].title.as_deref(), alerts[0].severity), (Some("User bob was added to admin"), Some(Severity::High)));
}

#[test]
fn a_user_with_one_revision_is_new() {
    let document = json!({"name": "mallory", "attributes": {"arn": "arn:aws:iam::123456789012:user/mallory"}, "groups": []});
    let host = host([("mallory", Err(only_one_revision()))]).with_documents_at("aws/iamUsers/mallory", Times::Updated, [document.clone()]);
    let alerts = run(&host);
    assert_eq!(text(&alerts[0]), format!("New user has been added: {document:#}"));
    assert_eq!(alerts[0].labels[0], ("account".to_owned(), "123456789012".to_owned()));
}

#[test]
fn a_new_user_that_is_gone_again_is_told_by_name() {
    let host = host([("mallory", Err(only_one_revision()))]).with_documents("aws/iamUsers/mallory", []);
    assert_eq!(text(&run(&host)[0]), "New user has been added: {\n  \"name\": \"mallory\"\n}");
}

#[test]
fn other_changes_and_allowed_users_are_quiet() {
    let host = host([("alice", Ok(NEW_KEY)), ("ci-bot", Ok(ADDED_TO_ADMIN)), ("gone", Err(error(ErrorKind::NotFound, 410, "")))]);
    assert_eq!(run(&host), []);
    assert_eq!(host.incomplete_parts(), [""; 0]);
}

#[test]
fn an_expression_has_to_match_at_the_start() {
    assert_eq!(run(&host([("my-ci-bot", Ok(ADDED_TO_ADMIN))])).len(), 1);
}

#[test]
fn q13_a_failed_diff_makes_the_run_incomplete_and_keeps_the_other_alerts() {
    let host = host([
        ("alice", Err(error(ErrorKind::Unavailable, 503, "EDDA is down"))),
        ("bob", Ok(ADDED_TO_ADMIN)),
        ("carol", Err(error(ErrorKind::BadRequest, 400, "something else"))),
        ("mallory", Err(only_one_revision())),
    ]);
    let host = host.with_failure("aws/iamUsers/mallory", error(ErrorKind::TimedOut, 0, "no answer"));
    assert_eq!(run(&host).iter().map(|alert| &*alert.id).collect::<Vec<_>>(), ["bob"]);
    assert_eq!(host.incomplete_parts(), ["the changes of these users could not be read: alice (EDDA is down) and 2 more"]);
}

#[test]
fn a_name_never_alters_the_path() {
    let names = ["a/b", "a;_all", "a:(x)", "a,b", "..", "", "a b", "a\n", "zoë", "a%2Fb"];
    let host = MockHost::new(Window { since: 100, until: 200 }).with_documents("aws/iamUsers", names.map(|name| json!(name)));
    assert_eq!(run(&host), []);
    assert_eq!(host.skipped_things().iter().map(|(what, _)| &**what).collect::<Vec<_>>(), names);
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn q12_a_user_called_code_is_a_user() {
    assert_eq!(run(&host([("code", Ok(ADDED_TO_ADMIN))]))[0].id, "code");
}

#[test]
fn many_users_are_asked_about_in_batches() {
    let names: Vec<String> = (0..150).map(|number| format!("user{number}")).collect();
    let host = MockHost::new(Window { since: 100, until: 200 }).with_documents("aws/iamUsers", names.iter().map(|name| json!(name)));
    let host = names.iter().fold(host, |host, name| host.with_text(&format!("aws/iamUsers/{name};_diff=200"), Ok(ADDED_TO_ADMIN.into())));
    assert_eq!(run(&host).iter().map(|alert| alert.id.clone()).collect::<Vec<_>>(), names);
}

#[test]
fn an_empty_inventory_and_odd_ids_give_nothing() {
    assert_eq!(run(&host([])), []);
    let host = MockHost::new(Window { since: 100, until: 200 }).with_documents("aws/iamUsers", [json!({"name": "x"}), json!(null)]);
    assert_eq!(run(&host), []);
    assert_eq!(host.skipped_things().len(), 2);
}

#[test]
fn a_bad_expression_is_refused_by_name() {
    let refusal = mock::run::<Iam>(&json!({"allowed": ["ok", "(bad"]}), &host([])).expect_err("a bad expression");
    assert!(refusal.to_string().starts_with("setting `allowed`: `(bad` is no regular expression"));
}
