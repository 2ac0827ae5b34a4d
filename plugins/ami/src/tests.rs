use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, Window};
use serde_json::{Value, json};

use crate::Ami;

fn machine(id: &str, ami: &str, launched: u64) -> Value {
    json!({"instanceId": id, "imageId": ami, "launchTime": launched, "tags": [{"key": "service_name", "value": "web"}]})
}

fn host(machines: impl IntoIterator<Item = Value>) -> MockHost {
    MockHost::new(Window { since: 100, until: 200 })
        .with_documents("view/instances;_expand", machines)
        .with_documents("aws/loadBalancers;_expand", [])
        .with_documents("aws/securityGroups;_expand", [])
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<Ami>(&json!({}), host).expect("a run")
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Ami>("cases");
}

#[test]
fn an_ami_first_seen_in_the_window_is_new() {
    let host = host([machine("i-1", "ami-1", 150), machine("i-2", "ami-1", 160)]);
    let alerts = run(&host);
    assert_eq!((&*alerts[0].id, alerts[0].title.as_deref()), ("ami-1", Some("New AMI ami-1 on 2 machines")));
    assert_eq!(alerts[0].details.iter().map(|detail| detail.to_json()["started"].clone()).collect::<Vec<_>>(), [150, 160]);
    assert_eq!(host.remembered_values()["first_seen"], json!({"ami-1": 150}));
}

#[test]
fn a_known_ami_is_quiet_whether_it_runs_or_is_remembered() {
    assert_eq!(run(&host([machine("i-1", "ami-1", 150), machine("i-2", "ami-1", 99)])), []);
    let host = host([machine("i-1", "ami-1", 150)]).with_remembered("first_seen", &json!({"ami-1": 99, "ami-gone": "7"}));
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["first_seen"], json!({"ami-1": 99, "ami-gone": 7}));
}

#[test]
fn the_start_of_the_window_is_part_of_it() {
    assert_eq!(run(&host([machine("i-1", "ami-1", 100)])).len(), 1);
}

#[test]
fn q7_a_machine_of_the_next_window_counts_for_nothing() {
    let host = host([machine("i-1", "ami-1", 200)]);
    assert_eq!(run(&host), []);
    assert_eq!(host.remembered_values()["first_seen"], json!({}));
}

#[test]
fn an_allowed_service_may_run_on_a_new_ami() {
    let host = host([machine("i-1", "ami-1", 150)]);
    assert_eq!(mock::run::<Ami>(&json!({"allowed_tags": ["web"]}), &host).expect("a run"), []);
    assert_eq!(host.remembered_values()["first_seen"], json!({"ami-1": 150}));
}

#[test]
fn an_empty_inventory_gives_nothing() {
    assert_eq!(run(&host([])), []);
}

#[test]
fn odd_machines_are_reported_and_left_out() {
    let no_ami = json!({"instanceId": "i-1", "launchTime": 150});
    let host = host([no_ami, json!({"instanceId": "i-2", "launchTime": {}}), json!({"imageId": "ami-1"}), machine("i-3", "ami-3", 150)]);
    assert_eq!(run(&host).len(), 1);
    let skipped = host.skipped_things();
    assert_eq!(skipped.iter().map(|(what, _)| &**what).collect::<Vec<_>>(), ["i-1", "i-2", "a document of view/instances"]);
}

#[test]
fn a_damaged_memory_is_an_error_that_names_it() {
    let host = host([]).with_remembered("first_seen", &json!(["ami-1"]));
    assert!(mock::run::<Ami>(&json!({}), &host).expect_err("damaged").to_string().contains("`first_seen`"));
}
