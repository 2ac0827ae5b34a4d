use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, Window};
use serde_json::{Value, json};

use crate::Missingtag;

fn machine(id: &str, tag: &str, launched: u64) -> Value {
    json!({"instanceId": id, "imageId": "ami-1", "launchTime": launched, "tags": [{"key": tag, "value": "box"}]})
}

fn host(machines: impl IntoIterator<Item = Value>) -> MockHost {
    MockHost::new(Window { since: 100, until: 200 })
        .with_documents("view/instances;_expand", machines)
        .with_documents("aws/loadBalancers;_expand", [])
        .with_documents("aws/securityGroups;_expand", [])
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<Missingtag>(&json!({}), host).expect("a run")
}

fn ids(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| &*alert.id).collect()
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Missingtag>("cases");
}

#[test]
fn a_new_machine_goes_by_its_name_or_its_ami() {
    let alerts = run(&host([machine("i-1", "Name", 150), machine("i-2", "owner", 150)]));
    assert_eq!(ids(&alerts), ["box", "ami-1"]);
    assert_eq!(alerts[0].title.as_deref(), Some("New machine i-1 (box) has no tag service_name"));
    assert_eq!(alerts[0].details[0].to_json()["service_type"], "box");
}

#[test]
fn q15_machines_of_one_name_have_an_alert_each() {
    assert_eq!(ids(&run(&host([machine("i-1", "Name", 150), machine("i-2", "Name", 150)]))), ["box", "box"]);
}

#[test]
fn a_machine_that_says_what_it_is_for_is_fine() {
    assert_eq!(run(&host([machine("i-1", "service_name", 150)])), []);
}

#[test]
fn q8_the_start_of_the_window_is_part_of_it_and_its_end_is_not() {
    let machines = [machine("i-1", "Name", 99), machine("i-2", "Name", 100), machine("i-3", "Name", 199), machine("i-4", "Name", 200)];
    let found: Vec<_> = run(&host(machines)).iter().map(|alert| alert.details[0].to_json()["instanceId"].clone()).collect();
    assert_eq!(found, ["i-2", "i-3"]);
}

#[test]
fn a_machine_without_any_name_goes_by_its_id() {
    assert_eq!(ids(&run(&host([json!({"instanceId": "i-1", "launchTime": 150})]))), ["i-1"]);
}

#[test]
fn an_empty_inventory_gives_nothing_and_asks_for_no_more() {
    let host = host([]);
    assert_eq!(run(&host), []);
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn odd_machines_are_reported_and_left_out() {
    let host = host([json!({"instanceId": "i-1", "launchTime": "soon"}), json!({"instanceId": "i-2"}), machine("i-3", "Name", 150)]);
    assert_eq!(ids(&run(&host)), ["box"]);
    assert_eq!(host.skipped_things().iter().map(|(what, _)| &**what).collect::<Vec<_>>(), ["i-1", "i-2"]);
}
