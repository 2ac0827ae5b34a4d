use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, Window};
use serde_json::{Value, json};

use crate::Route53Unknown;

const NODES: &str = "https://chef.test/organizations/o/search/node?q=%2A%3A%2A&start=0&rows=2000";

fn record(name: &str, kind: &str, values: &[&str]) -> Value {
    let values: Vec<Value> = values.iter().map(|value| json!({"value": value})).collect();
    json!({"name": name, "type": kind, "resourceRecords": values})
}

fn host(records: impl IntoIterator<Item = Value>) -> MockHost {
    let interfaces = json!({"eth0": {"addresses": {"0A:00": {}, "198.51.100.21": {}}}, "tun": {}});
    let nodes = json!({"total": 3, "rows": [
        {"data": {"cloud_public_ips": ["198.51.100.20"], "network_interfaces": null}},
        {"data": {"cloud_public_ips": null, "network_interfaces": interfaces}},
        {"data": {}}]});
    MockHost::new(Window { since: 0, until: 10 })
        .with_documents("view/instances;_expand", [json!({"instanceId": "i-1", "publicIpAddress": "192.0.2.1"})])
        .with_documents("aws/hostedRecords;_expand", records)
        .with_page(NODES, 200, nodes.to_string())
}

fn run(host: &MockHost) -> Vec<Alert> {
    let settings = json!({"chef_server_url": "https://chef.test/organizations/o", "legit_domains": [".legit.test"]});
    mock::run::<Route53Unknown>(&settings, host).expect("a run")
}

fn told(alerts: &[Alert]) -> Vec<(&str, Value)> {
    alerts.iter().map(|alert| (alert.id.as_str(), alert.details[0].to_json())).collect()
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Route53Unknown>("cases");
}

#[test]
fn a_record_that_leads_to_an_unknown_place_is_told_once() {
    let records = || {
        [
            record("a.test.", "CNAME", &["shop.partner.test", "lb.legit.test"]),
            record("b.test.", "A", &["192.0.2.1", "198.51.100.20", "198.51.100.21"]),
            record("c.test.", "TXT", &["\"x\""]),
        ]
    };
    let first = host(records());
    assert_eq!(told(&run(&first)), [("a.test.", json!("shop.partner.test"))]);
    let known = &first.remembered_values()["known"];
    assert_eq!(*known, json!(["a.test.-shop.partner.test"]));
    assert_eq!(run(&host(records()).with_remembered("known", known)), []);
}

#[test]
fn q32_public_addresses_are_told_and_private_ones_are_not() {
    let host = host([record("a.test.", "A", &["203.0.113.50", "203.0.113.51", "10.1.2.3"])]);
    assert_eq!(told(&run(&host)), [("a.test.", json!("203.0.113.50")), ("a.test.", json!("203.0.113.51"))]);
}

#[test]
fn what_is_gone_is_forgotten() {
    let host = host([]).with_remembered("known", &json!(["old.test.-gone.test"]));
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["known"], json!([]));
}

#[test]
fn q27_a_chef_server_that_fails_fails_the_rule() {
    let settings = json!({"chef_server_url": "https://chef.test/organizations/o"});
    let host = host([]).with_page(NODES, 500, "");
    assert!(mock::run::<Route53Unknown>(&settings, &host).expect_err("down").to_string().contains("answers 500"));
}

#[test]
fn the_chef_server_is_required() {
    assert!(mock::run::<Route53Unknown>(&json!({}), &host([])).expect_err("none").to_string().contains("`chef_server_url`"));
}
