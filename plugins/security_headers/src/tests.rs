use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, KEPT_FOR, Response, Window};
use serde_json::{Value, json};

use crate::SecurityHeaders;

const NOW: u64 = 2 * KEPT_FOR;

fn record(name: &str) -> Value {
    json!({"name": name, "type": "CNAME", "resourceRecords": [{"value": "edge.partner.test"}], "zone": {"name": "example.test."}})
}

fn host(records: impl IntoIterator<Item = Value>) -> MockHost {
    MockHost::new(Window { since: 0, until: NOW })
        .with_documents("view/instances;_expand", [])
        .with_documents("aws/hostedRecords;_expand", records)
}

fn page(host: MockHost, url: &str, status: u16, headers: &[(&str, &str)]) -> MockHost {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    host.with_response(url, Ok(Response { status, headers, ..Response::default() }))
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<SecurityHeaders>(&json!({}), host).expect("a run")
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<SecurityHeaders>("cases");
}

#[test]
fn a_page_without_the_header_is_told_once() {
    let new_host =
        || page(page(host([record("a.test.")]), "http://a.test/", 204, &[]), "https://a.test/", 200, &[("X-FRAME-OPTIONS", "x")]);
    let first = new_host();
    let alerts = run(&first);
    assert_eq!(alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["http://a.test"]);
    assert_eq!(alerts[0].details[0].to_json(), "This webpage (http://a.test) does not have X-Frame-Options header");
    assert_eq!(first.remembered_values()["already_checked"], json!(["http://a.test"]));
    assert_eq!(run(&new_host().with_remembered("already_checked", &json!(["http://a.test"]))), []);
}

#[test]
fn an_empty_header_is_none_and_redirects_and_errors_say_nothing() {
    let with_empty = page(page(host([record("a.test.")]), "http://a.test/", 200, &[("x-frame-options", "")]), "https://a.test/", 302, &[]);
    assert_eq!(run(&with_empty).len(), 1);
    let other = page(page(host([record("a.test.")]), "http://a.test/", 404, &[]), "https://a.test/", 500, &[]);
    assert_eq!(run(&other), []);
}

#[test]
fn q9_a_page_that_is_gone_for_long_is_forgotten() {
    let host = host([]).with_remembered("already_checked", &json!(["http://gone", "http://old-file"]));
    let host = host.with_remembered("last_seen", &json!({"http://gone": 1}));
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["already_checked"], json!(["http://old-file"]));
    assert_eq!(host.remembered_values()["last_seen"], json!({"http://old-file": NOW}));
}

#[test]
fn q35_an_exception_needs_no_final_dot() {
    let host = page(page(host([record("a.test.")]), "http://a.test/", 200, &[]), "https://a.test/", 200, &[]);
    assert_eq!(mock::run::<SecurityHeaders>(&json!({"exception_domains": ["a.test"]}), &host).expect("a run"), []);
    assert_eq!(host.sent_requests(), []);
}

#[test]
fn what_is_not_granted_fails_the_rule() {
    let refusal = mock::run::<SecurityHeaders>(&json!({}), &host([record("a.test.")])).expect_err("denied");
    assert_eq!(refusal.to_string(), "`http://a.test/` is not granted");
}

#[test]
fn an_empty_inventory_gives_nothing_and_a_missing_one_is_an_error() {
    assert_eq!(run(&host([])), []);
    let without_records = MockHost::new(Window { since: 0, until: NOW }).with_documents("view/instances;_expand", []);
    assert!(mock::run::<SecurityHeaders>(&json!({}), &without_records).is_err());
}

#[test]
fn odd_records_are_reported_and_left_out() {
    let host = host([json!({"name": "odd.", "resourceRecords": 7}), record("a.test.")]);
    let host = page(page(host, "http://a.test/", 200, &[]), "https://a.test/", 404, &[]);
    assert_eq!(run(&host).len(), 1);
    assert_eq!(host.skipped_things()[0].0, "odd.");
}
