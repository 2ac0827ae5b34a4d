use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, Level, Severity, Times, Window};
use serde_json::{Value, json};

use crate::Elbs;

fn load_balancer(name: &str, ports: &[Value]) -> Value {
    let listeners: Vec<_> =
        ports.iter().map(|port| json!({"listener": {"loadBalancerPort": port, "protocol": "TCP"}, "policyNames": []})).collect();
    json!({
        "loadBalancerName": name, "canonicalHostedZoneName": null, "scheme": "internet-facing", "availabilityZones": ["eu-west-1a"],
        "instances": [{"instanceId": "i-1"}, {"instanceId": "i-2"}], "listenerDescriptions": listeners
    })
}

fn host(load_balancers: impl IntoIterator<Item = Value>) -> MockHost {
    MockHost::new(Window { since: 100, until: 200 }).with_documents_at("aws/loadBalancers;_expand", Times::Updated, load_balancers)
}

fn run(host: &MockHost) -> Vec<Alert> {
    mock::run::<Elbs>(&json!({"allowed_ports": [80, 443]}), host).expect("a run")
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Elbs>("cases");
}

#[test]
fn a_port_that_is_not_allowed_is_told_with_all_listeners() {
    let document = load_balancer("web", &[json!(80), json!("8080")]);
    let alerts = run(&host([document.clone()]));
    assert_eq!((&*alerts[0].id, alerts[0].title.as_deref()), ("web", Some("Load balancer web listens on port 8080")));
    let expected =
        json!({"canonicalHostedZoneName": null, "numberOfInstances": 2, "listenerDescriptions": document["listenerDescriptions"]});
    assert_eq!(alerts[0].details[0].to_json(), expected);
    assert_eq!(alerts[0].labels, [("region".to_owned(), "eu-west-1".to_owned()), ("resource-type".to_owned(), "load-balancer".to_owned())]);
}

#[test]
fn allowed_ports_are_quiet_as_number_and_as_text() {
    assert_eq!(run(&host([load_balancer("web", &[json!(80), json!("443")])])), []);
    assert_eq!(run(&host([load_balancer("idle", &[])])), []);
}

#[test]
fn the_newest_revision_alone_counts() {
    let revisions = [load_balancer("web", &[json!(80)]), load_balancer("web", &[json!(22)])];
    assert_eq!(run(&host(revisions.clone())), []);
    assert_eq!(run(&host(revisions.into_iter().rev())).len(), 1);
}

#[test]
fn an_internal_load_balancer_matters_less() {
    let mut document = load_balancer("web", &[json!(22)]);
    document["scheme"] = json!("internal");
    assert_eq!(run(&host([document]))[0].severity, Some(Severity::Low));
}

#[test]
fn an_empty_inventory_gives_nothing() {
    assert_eq!(run(&host([])), []);
}

#[test]
fn odd_load_balancers_are_reported_and_left_out() {
    let no_lists = json!({"loadBalancerName": "bare", "instances": null});
    let no_listener = json!({"loadBalancerName": "odd", "listenerDescriptions": [{}]});
    let host = host([no_lists, no_listener, load_balancer("text", &[json!("https")]), json!(null), load_balancer("bad", &[json!(22)])]);
    assert_eq!(run(&host).iter().map(|alert| &*alert.id).collect::<Vec<_>>(), ["bad"]);
    let skipped = host.skipped_things();
    assert_eq!(skipped.iter().map(|(what, _)| &**what).collect::<Vec<_>>(), ["odd", "text", "a document of aws/loadBalancers"]);
    assert_eq!(skipped[0].1, "a listener: missing field `listener`");
}

#[test]
fn an_allowed_port_that_is_no_number_is_left_out_with_a_warning() {
    let host = host([load_balancer("web", &[json!(80)])]);
    assert_eq!(mock::run::<Elbs>(&json!({"allowed_ports": ["80"]}), &host).expect("a run").len(), 1);
    assert_eq!(host.log_lines()[0].0, Level::Warn);
}
