use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, CallError, ErrorKind, Severity, Window};
use serde_json::{Value, json};

use crate::Route53Changed;

fn record(name: &str, value: &str) -> Value {
    json!({"name": name, "type": "CNAME", "resourceRecords": [{"value": value}], "zone": {"name": "example.test."}})
}

fn host(records: impl IntoIterator<Item = Value>) -> MockHost {
    let machine = json!({"instanceId": "i-1", "publicIpAddress": "192.0.2.1"});
    MockHost::new(Window { since: 0, until: 10 })
        .with_documents("view/instances;_expand", [machine])
        .with_documents("aws/hostedRecords;_expand", records)
}

fn unreachable() -> CallError {
    CallError { kind: ErrorKind::Unavailable, status: None, message: "connection refused".into() }
}

/// One name whose http page is this; nothing answers over https.
fn one(status: u16, body: &str) -> MockHost {
    host([record("a.test.", "edge.partner.test")])
        .with_page("http://a.test/", status, body)
        .with_response("https://a.test/", Err(unreachable()))
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<Route53Changed>(&json!({}), host).expect("a run")
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Route53Changed>("cases");
}

#[test]
fn an_abandoned_page_is_told_when_it_is_new() {
    let host = one(200, "<Code>NoSuchBucket</Code>");
    let alerts = run(&host);
    assert_eq!((&*alerts[0].id, alerts.len(), alerts[0].severity), ("http://a.test", 1, Some(Severity::High)));
    let text = "location matches the following regexes: ['NoSuchBucket|NoSuchKey|NoSuchVersion']\n (S3 bucket removed or domain expired?) \n \
                dns_entry_info: {\"name\":\"a.test.\",\"resourceRecords\":[{\"value\":\"edge.partner.test\"}],\"type\":\"CNAME\",\
                \"zone\":{\"name\":\"example.test.\"}}";
    assert_eq!(alerts[0].details[0].to_json(), text);
    let hashes = &host.remembered_values()["hashes"];
    assert_eq!(hashes["https://a.test"], json!({"hash": "-", "matches": []}));
    assert_eq!(run(&one(200, "<Code>NoSuchBucket</Code>").with_remembered("hashes", hashes)), []);
}

#[test]
fn a_page_in_order_is_quiet_and_remembered() {
    let host = one(200, "all good");
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["hashes"]["http://a.test"]["hash"], "98ca5b331fb3ec7a96d2a7e5b3eaed40cd7d0f950cfcd12347989e10");
}

#[test]
fn q33_pages_with_status_404_are_searched() {
    assert_eq!(run(&one(404, "<Code>NoSuchBucket</Code>")).len(), 1);
}

#[test]
fn what_an_old_version_remembered_counts_as_something_else() {
    let hash = "f51c91197cf9a868883c2c1c9403fbe76954b6e37a5999e4682880b9";
    let with = |known: Value| run(&one(200, "NoSuchKey same").with_remembered("hashes", &json!({"http://a.test": known})));
    assert_eq!(with(json!(hash)).len(), 1);
    assert_eq!(with(json!({"hash": hash, "matches": []})), []);
}

#[test]
fn names_that_are_gone_are_forgotten() {
    let host = one(200, "x").with_remembered("hashes", &json!({"http://gone.test": {"hash": "1", "matches": []}}));
    run(&host);
    let remembered = host.remembered_values();
    assert_eq!(remembered["hashes"].as_object().expect("an object").keys().collect::<Vec<_>>(), ["http://a.test", "https://a.test"]);
}

#[test]
fn own_names_are_left_alone_unless_they_are_included() {
    let own = || host([record("own.test.", "ec2-192-0-2-1.compute-1.amazonaws.com")]);
    assert_eq!(run(&own()), []);
    let host = own().with_page("http://own.test/", 200, "expired").with_page("https://own.test/", 200, "");
    assert_eq!(mock::run::<Route53Changed>(&json!({"included_domains": ["own.test"]}), &host).expect("a run").len(), 1);
}

#[test]
fn a_page_that_is_not_granted_keeps_what_is_remembered() {
    let known = json!({"https://a.test": {"hash": "1", "matches": []}});
    let host = host([record("a.test.", "edge.partner.test")]).with_page("http://a.test/", 200, "x").with_remembered("hashes", &known);
    run(&host);
    assert_eq!(host.remembered_values()["hashes"]["https://a.test"], known["https://a.test"]);
    assert_eq!(host.skipped_things()[0].0, "https://a.test");
}

#[test]
fn what_is_not_granted_at_all_fails_the_rule() {
    let host = host([record("a.test.", "edge.partner.test")]);
    assert!(mock::run::<Route53Changed>(&json!({}), &host).expect_err("denied").to_string().contains("is not granted"));
}

#[test]
fn an_empty_inventory_gives_nothing() {
    assert_eq!(run(&host([])), []);
}
