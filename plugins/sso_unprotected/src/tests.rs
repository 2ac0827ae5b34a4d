use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, Response, Window};
use serde_json::{Value, json};

use crate::SsoUnprotected;

fn host(names: &[&str]) -> MockHost {
    let record = |name: &&str| json!({"name": name, "type": "CNAME", "resourceRecords": [{"value": "edge.partner.test"}]});
    MockHost::new(Window { since: 0, until: 10 })
        .with_documents("view/instances;_expand", [])
        .with_documents("aws/hostedRecords;_expand", names.iter().map(record).collect::<Vec<_>>())
}

fn page(host: MockHost, url: &str, status: u16, location: Option<&str>) -> MockHost {
    let headers = location.into_iter().map(|location| ("Location".to_owned(), location.to_owned())).collect();
    host.with_response(url, Ok(Response { status, headers, ..Response::default() }))
}

fn both(name: &str, location: Option<&str>) -> MockHost {
    let status = if location.is_some() { 302 } else { 200 };
    let host = page(host(&[name]), &format!("http://{name}/"), status, location);
    page(host, &format!("https://{name}/"), status, location)
}

fn run_with(settings: &Value, host: &MockHost) -> Vec<Alert> {
    mock::run::<SsoUnprotected>(settings, host).expect("a run")
}

fn run(host: &MockHost) -> Vec<Alert> {
    run_with(&json!({"sso_url": r"^https://login\.test/\?for=https?://([^/]+)/?"}), host)
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<SsoUnprotected>("cases");
}

#[test]
fn a_page_that_asks_nobody_to_log_in_is_told_once() {
    let new_host = || page(page(host(&["a.test"]), "http://a.test/", 200, None), "https://a.test/", 404, None);
    let first = new_host();
    let alerts = run(&first);
    assert_eq!(alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["http://a.test"]);
    let text = "This domain (http://a.test) is neither behind SSO nor GODAUTH because redirects to ";
    assert_eq!(alerts[0].details[0].to_json(), text);
    assert_eq!(first.remembered_values()["redirects"], json!({"http://a.test": ""}));
    assert_eq!(run(&new_host().with_remembered("redirects", &json!({"http://a.test": ""}))), []);
    assert_eq!(run(&new_host().with_remembered("redirects", &json!({"http://a.test": "https://old/"}))).len(), 1);
}

#[test]
fn a_page_behind_the_login_is_quiet_and_remembered() {
    let host = both("a.test", Some("https://login.test/?for=https%3A%2F%2Fa.test%2Fx"));
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["redirects"]["https://a.test"], "https://login.test/?for=https://a.test/x");
}

#[test]
fn a_login_of_another_page_protects_nothing() {
    assert_eq!(run(&both("a.test", Some("https://login.test/?for=https://b.test/"))).len(), 2);
    assert_eq!(run(&both("a.test", Some("https://evil.test/https://login.test/?for=https://a.test/"))).len(), 2);
}

#[test]
fn q34_an_empty_pattern_is_no_pattern() {
    let host = both("a.test", Some("https://new.test/"));
    assert_eq!(run_with(&json!({"godauth_url": "", "sso_url": ""}), &host).len(), 2);
}

#[test]
fn a_pattern_needs_a_group() {
    let refusal = mock::run::<SsoUnprotected>(&json!({"sso_url": "https://login/"}), &host(&[])).expect_err("no group").to_string();
    assert_eq!(refusal, "setting `sso_url`: `https://login/` needs a group, such as ([^/]+), for the name of the page");
}

#[test]
fn q36_a_host_that_only_begins_like_the_page_is_told() {
    assert_eq!(run(&both("a.test", Some("https://a.test/login"))), []);
    assert_eq!(run(&both("a.test", Some("https://a.test.evil.test/"))).len(), 2);
}

#[test]
fn q35_an_exception_needs_no_final_dot() {
    let host = both("a.test", None);
    assert_eq!(run_with(&json!({"exception_domains": ["a.test"]}), &host), []);
}

#[test]
fn an_empty_inventory_gives_nothing() {
    assert_eq!(run(&host(&[])), []);
}
