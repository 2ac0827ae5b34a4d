use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, KEPT_FOR, Level, Window};
use serde_json::{Value, json};

use crate::{NonChef, TIME_TO_REGISTER};

const NODES: &str = "https://chef.test/organizations/o/search/node?q=%2A%3A%2A&start=0&rows=2000";
const SINCE: u64 = 2 * KEPT_FOR;
const UNTIL: u64 = SINCE + 1000;
const LAUNCHED: u64 = SINCE - TIME_TO_REGISTER;

fn machine(id: &str, address: impl Into<Value>, launched: u64, tags: &[(&str, &str)]) -> Value {
    let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    let address: Value = address.into();
    json!({"instanceId": id, "imageId": "ami-1", "keyName": "ops", "launchTime": launched, "publicIpAddress": address, "tags": tags})
}

fn web(id: &str, address: &str, launched: u64) -> Value {
    machine(id, address, launched, &[("service_name", "web")])
}

fn host_with(nodes: &[Value], machines: impl IntoIterator<Item = Value>) -> MockHost {
    let rows: Vec<Value> = nodes.iter().map(|node| json!({"data": node})).collect();
    MockHost::new(Window { since: SINCE, until: UNTIL })
        .with_documents("view/instances;_expand", machines)
        .with_documents("aws/loadBalancers;_expand", [])
        .with_documents("aws/securityGroups;_expand", [])
        .with_page(NODES, 200, json!({"total": rows.len(), "rows": rows}).to_string())
}

fn host(machines: impl IntoIterator<Item = Value>) -> MockHost {
    host_with(&[json!({"name": "known", "cloud_public_ipv4": "192.0.2.10", "cloud_provider": "ec2", "os": "linux"})], machines)
}

fn run_with(more: &Value, host: &MockHost) -> Vec<Alert> {
    let mut settings = json!({"chef_server_url": "https://chef.test/organizations/o"});
    for (key, value) in more.as_object().into_iter().flatten() {
        settings[key] = value.clone();
    }
    mock::run::<NonChef>(&settings, host).expect("a run")
}

fn run(host: &MockHost) -> Vec<Alert> {
    run_with(&json!({}), host)
}

fn ids(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| alert.id.as_str()).collect()
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<NonChef>("cases");
}

#[test]
fn a_machine_that_chef_does_not_know_is_told_three_hours_later() {
    let host =
        host([web("i-1", "192.0.2.20", LAUNCHED), web("i-early", "192.0.2.21", LAUNCHED - 1), web("i-known", "192.0.2.10", LAUNCHED)]);
    let alerts = run(&host);
    assert_eq!(ids(&alerts), ["ops-web"]);
    assert_eq!(alerts[0].details[0].to_json()["instanceId"], "i-1");
    assert_eq!(host.remembered_values()["first_seen"], json!({"i-1": LAUNCHED}));
}

#[test]
fn q8_the_end_of_the_window_is_not_part_of_it() {
    let at_the_end = UNTIL - TIME_TO_REGISTER;
    assert_eq!(run(&host([web("i-1", "192.0.2.20", at_the_end)])), []);
    assert_eq!(run(&host([web("i-1", "192.0.2.20", at_the_end - 1)])).len(), 1);
}

#[test]
fn q15_two_machines_of_one_id_are_both_told() {
    let alerts = run(&host([web("i-1", "192.0.2.20", LAUNCHED), web("i-2", "192.0.2.21", LAUNCHED)]));
    assert_eq!(ids(&alerts), ["ops-web", "ops-web"]);
}

#[test]
fn a_machine_is_told_once() {
    let host = host([web("i-1", "192.0.2.20", LAUNCHED)]).with_remembered("first_seen", &json!({"i-1": "5"}));
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["first_seen"], json!({"i-1": 5}));
}

#[test]
fn q9_machines_that_are_gone_for_long_are_forgotten() {
    let host = host([]).with_remembered("first_seen", &json!({"i-gone": 1, "i-recent": 2}));
    let host = host.with_remembered("last_seen", &json!({"i-gone": 1, "i-recent": UNTIL - 1}));
    run(&host);
    assert_eq!(host.remembered_values()["first_seen"], json!({"i-recent": 2}));
    assert_eq!(host.remembered_values()["last_seen"], json!({"i-recent": UNTIL - 1}));
}

#[test]
fn excluded_machines_and_those_without_a_public_address_are_left_alone() {
    let machines = [
        machine("i-1", "192.0.2.20", LAUNCHED, &[("service_name", "jenkins-2")]),
        machine("i-2", "192.0.2.21", LAUNCHED, &[("aws:cloudformation:stack-name", "s")]),
        machine("i-3", "192.0.2.22", LAUNCHED, &[("purpose", "conversion-to-xenial")]),
        machine("i-4", "null", LAUNCHED, &[]),
        machine("i-5", Value::Null, LAUNCHED, &[]),
        machine("i-6", "192.0.2.23", LAUNCHED, &[("service_name", "web"), ("Name", "jenkins")]),
        machine("i-7", "192.0.2.24", LAUNCHED, &[("purpose", "other")]),
    ];
    let alerts = run_with(&json!({"excluded_instances": ["jenkins"]}), &host(machines));
    assert_eq!(ids(&alerts), ["ops-web", "ops-ami-1"]);
}

#[test]
fn a_machine_without_a_key_has_none_in_its_id() {
    let mut keyless = web("i-1", "192.0.2.20", LAUNCHED);
    keyless["keyName"] = Value::Null;
    assert_eq!(ids(&run(&host([keyless]))), ["None-web"]);
}

#[test]
fn q28_what_chef_manages_is_told_only_when_asked_for() {
    let nodes = [
        json!({"name": "known", "cloud_public_ipv4": "192.0.2.10", "cloud_provider": "ec2", "os": "linux"}),
        json!({"name": "bare-metal", "ipaddress": "203.0.113.77"}),
        json!({"name": "dead", "cloud_public_ipv4": "192.0.2.99", "cloud_provider": "ec2"}),
        json!({"name": "private", "ipaddress": "10.0.0.5"}),
    ];
    let new_host = || host_with(&nodes, [web("i-known", "192.0.2.10", 1)]);
    assert_eq!(run(&new_host()), []);
    let alerts = run_with(&json!({"chef_managed": true}), &new_host());
    assert_eq!(ids(&alerts), ["ops-web", "bare-metal"]);
    assert!(alerts.iter().all(|alert| alert.labels == [("kind".to_owned(), "chef_managed".to_owned())]));
    let (managed, elsewhere) = (alerts[0].details[0].to_json(), alerts[1].details[0].to_json());
    assert_eq!(
        (&managed["instanceId"], &managed["chef_node_name"], &managed["operating_system"]),
        (&json!("i-known"), &json!("known"), &json!("linux"))
    );
    assert_eq!(managed["publicIpAddress"], "192.0.2.10");
    let expected = json!({"chef_node_name": "bare-metal", "hostname": null, "fqdn": null, "platform": null, "operating_system": null,
        "operating_system_version": null, "publicIpAddress": "203.0.113.77"});
    assert_eq!(elsewhere, expected);
}

#[test]
fn no_nodes_at_all_means_that_something_is_wrong_with_chef() {
    let host = host_with(&[], [web("i-1", "192.0.2.20", LAUNCHED)]);
    assert_eq!(run(&host), []);
    assert_eq!(host.log_lines()[0].0, Level::Warn);
}

#[test]
fn q27_a_chef_server_that_fails_fails_the_rule() {
    let host = host([]).with_page(NODES, 503, "");
    let settings = json!({"chef_server_url": "https://chef.test/organizations/o"});
    assert!(mock::run::<NonChef>(&settings, &host).expect_err("down").to_string().contains("answers 503"));
}

#[test]
fn q14_odd_machines_and_nodes_are_reported_and_left_out() {
    let nodes = [json!({"name": "odd", "ipaddress": "unknown"}), json!({"name": "known", "ipaddress": "192.0.2.10"})];
    let mut timeless = web("i-2", "192.0.2.21", 1);
    timeless["launchTime"] = Value::Null;
    let host = host_with(&nodes, [web("i-1", "nowhere", LAUNCHED), timeless, web("i-3", "192.0.2.22", LAUNCHED)]);
    assert_eq!(run(&host).len(), 1);
    assert_eq!(host.skipped_things().iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), ["odd", "i-1", "i-2"]);
}

#[test]
fn settings_are_checked() {
    let refusal = |settings: Value| mock::run::<NonChef>(&settings, &host([])).expect_err("bad settings").to_string();
    assert!(refusal(json!({})).contains("`chef_server_url` is missing"));
    assert!(refusal(json!({"chef_server_url": "x", "excluded_instances": ["("]})).starts_with("setting `excluded_instances`: `(`"));
}
