use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, Window};
use serde_json::{Value, json};

use crate::Newtag;

fn machine(id: &str, service: &str, launched: u64) -> Value {
    json!({"instanceId": id, "imageId": "ami-1", "launchTime": launched, "tags": [{"key": "service_name", "value": service}]})
}

fn host(machines: impl IntoIterator<Item = Value>) -> MockHost {
    MockHost::new(Window { since: 100, until: 200 })
        .with_documents("view/instances;_expand", machines)
        .with_documents("aws/loadBalancers;_expand", [])
        .with_documents("aws/securityGroups;_expand", [])
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<Newtag>(&json!({}), host).expect("a run")
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Newtag>("cases");
}

#[test]
fn a_service_whose_machines_are_all_new_is_new() {
    let alerts = run(&host([machine("i-1", "build", 100), machine("i-2", "build", 199)]));
    assert_eq!(alerts.len(), 1);
    assert_eq!((&*alerts[0].id, alerts[0].title.as_deref()), ("build", Some("New service \"build\" on 2 machines")));
    let machines: Vec<_> = alerts[0].details.iter().map(|detail| detail.to_json()["instanceId"].clone()).collect();
    assert_eq!(machines, ["i-1", "i-2"]);
}

#[test]
fn one_older_machine_makes_a_service_known() {
    for machines in [[machine("i-1", "web", 99), machine("i-2", "web", 150)], [machine("i-2", "web", 150), machine("i-1", "web", 99)]] {
        assert_eq!(run(&host(machines)), []);
    }
}

#[test]
fn q7_a_machine_of_the_next_window_is_not_looked_at() {
    assert_eq!(run(&host([machine("i-1", "build", 200)])), []);
    assert_eq!(run(&host([machine("i-1", "build", 150), machine("i-2", "build", 200)]))[0].details.len(), 1);
}

#[test]
fn the_service_of_tests_is_ignored() {
    assert_eq!(run(&host([machine("i-1", "testapp", 150)])), []);
}

#[test]
fn a_machine_with_two_services_is_in_both_and_with_one_twice_in_one() {
    let tag = |value: &str| json!({"key": "service_name", "value": value});
    let both = json!({"instanceId": "i-1", "launchTime": 150, "tags": [tag("a"), tag("b"), tag("b")]});
    let alerts = run(&host([both]));
    assert_eq!(alerts.iter().map(|alert| (&*alert.id, alert.details.len())).collect::<Vec<_>>(), [("a", 1), ("b", 1)]);
}

#[test]
fn an_empty_name_is_a_service_too() {
    assert_eq!(run(&host([machine("i-1", "", 150)]))[0].id, "");
}

#[test]
fn an_empty_inventory_gives_nothing() {
    assert_eq!(run(&host([])), []);
}

#[test]
fn q14_odd_machines_are_reported_and_left_out() {
    let no_tags = json!({"instanceId": "i-1", "launchTime": 150, "tags": null});
    let odd_tags = json!({"instanceId": "i-2", "launchTime": 150, "tags": "build"});
    let host = host([no_tags, odd_tags, json!([]), machine("i-3", "build", 150)]);
    assert_eq!(run(&host).len(), 1);
    assert_eq!(host.skipped_things().iter().map(|(what, _)| &**what).collect::<Vec<_>>(), ["i-2", "a document of view/instances"]);
}

#[test]
fn there_is_nothing_to_set() {
    let refusal = mock::run::<Newtag>(&json!({"allowed": []}), &host([])).expect_err("an unknown key");
    assert_eq!(refusal.to_string(), "unknown setting `allowed`; this rule has no settings");
}
