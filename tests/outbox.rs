//! Alerts that wait: shown, sent without a run, given up; and how an outbox that grows stops rules before it fills the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Recorder, open_balancers};

const UNTIL: &str = "1700000000000";
const LATER: &str = "1700000001000";

fn balancer(name: &str) -> EddaServer {
    let document = json!([{"loadBalancerName": name, "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]}]);
    Account::empty().with("aws/loadBalancers", document).serve()
}

fn run<'a>(edda: &'a EddaServer, until: &'a str) -> [&'a str; 5] {
    ["-e", &edda.url, "-u", until, "elbs"]
}

/// Two outputs that take nothing, or files that do.
fn outputs(place: &Place, broken: bool, more: &Value) {
    let file = |name: &str| if broken { "/dev/full".to_owned() } else { place.path(name).display().to_string() };
    let mut config = json!({
        "outputs": {"one": {"kind": "jsonl", "file": file("one")}, "two": {"kind": "jsonl", "file": file("two")}},
        "output": "one,two",
        "metrics-file": "reddalert.prom",
    });
    config.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    place.config(&config);
}

fn ids(place: &Place, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(place.path(file)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_full_outbox_stops_rules_and_not_deliveries_and_nothing_is_missing_afterwards() {
    let place = Place::new();
    let limit = json!({"outbox-limit": "1B"});
    let (first, second) = (balancer("first"), balancer("second"));
    outputs(&place, true, &limit);
    place.run(run(&first, UNTIL)).exits(3).says(&["output one: 1 alert kept", "the oldest was found at 20"]);

    let before = place.status();
    let ran = place.run(run(&second, LATER)).exits(3);
    let ran = ran.says(&["outbox: it has", "`outbox-limit` is 1B", "no rule runs", "reddalert outbox list", "output two: 1 alert kept"]);
    assert!(ran.stderr.starts_with("done: 0 alerts from 0 rules"), "{}", ran.stderr);
    assert_eq!((place.status(), second.asked().len()), (before, 0), "nothing was looked at");
    let metrics = std::fs::read_to_string(place.path("etc/reddalert.prom")).expect("metrics");
    for sample in ["reddalert_outbox_full 1", "reddalert_last_run_exit_code 3", "reddalert_output_pending{output=\"two\"} 1"] {
        assert!(metrics.lines().any(|line| line == sample), "no `{sample}` in\n{metrics}");
    }

    let check = |place: &Place| place.run(["check", "-e", &second.url]);
    check(&place).exits(3).says(&["wrong: outbox: it has", "`outbox-limit` is 1B", "reddalert outbox list"]);
    outputs(&place, true, &json!({"outbox-limit": "64KiB"}));
    check(&place).exits(0);

    outputs(&place, false, &limit);
    place.run(run(&second, LATER)).exits(3).says(&["no rule runs"]);
    assert_eq!((ids(&place, "one"), ids(&place, "two")), (vec!["first".to_owned()], vec!["first".to_owned()]), "what waited was sent");
    assert_eq!(place.run(run(&second, LATER)).exits(0).stderr, "");
    assert_eq!((ids(&place, "one"), ids(&place, "two")), (vec!["first".into(), "second".into()], vec!["first".into(), "second".into()]));
    let metrics = std::fs::read_to_string(place.path("etc/reddalert.prom")).expect("metrics");
    assert!(metrics.contains("reddalert_outbox_full 0\n") && metrics.contains("reddalert_outbox_bytes 0\n"), "{metrics}");
}

#[test]
fn what_waits_is_listed_and_sent_without_a_run() {
    let (place, edda) = (Place::new(), open_balancers(3));
    outputs(&place, true, &json!({}));
    place.run(run(&edda, UNTIL)).exits(3);
    let listed = place.run(["outbox", "list"]).exits(0).stdout;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.starts_with("one: 3 alerts, the oldest found at 20"), "{listed}");
    let listed = place.run(["outbox", "list", "--alerts", "-o", "two"]).exits(0).stdout;
    assert_eq!(listed.lines().count(), 4, "{listed}");
    assert!(listed.lines().nth(1).is_some_and(|line| line.contains(" elbs ") && line.contains("lb-0")), "{listed}");

    let asked = edda.asked().len();
    place.run(["outbox", "retry"]).exits(3).says(&["one: 0 alerts sent", "output one: 3 alerts kept", "/dev/full"]);
    outputs(&place, false, &json!({}));
    place.run(["outbox", "retry", "-o", "tow"]).exits(64).says(&["tow", "two"]);
    place.run(["outbox", "retry", "-o", "two"]).exits(0).says(&["two: 3 alerts sent"]);
    assert_eq!((ids(&place, "one").len(), ids(&place, "two")), (0, vec!["lb-0".to_owned(), "lb-1".into(), "lb-2".into()]));
    place.run(["outbox", "retry"]).exits(0);
    assert_eq!((ids(&place, "one").len(), ids(&place, "two").len()), (3, 3));
    assert_eq!(place.run(["outbox", "list"]).exits(0).stdout, "nothing waits\n");
    assert_eq!((place.status()["reddalert"]["outbox"].as_u64(), edda.asked().len()), (Some(0), asked), "no rule ran");
}

#[test]
fn retrying_to_standard_output_prints_nothing_but_alerts() {
    let (place, edda) = (Place::new(), open_balancers(2));
    place.config(&json!({"outputs": {"jsonl": {"file": "/dev/full"}}, "output": "jsonl"}));
    place.run(run(&edda, UNTIL)).exits(3);
    place.config(&json!({"output": "jsonl"}));
    assert_eq!(place.run(["outbox", "retry"]).exits(0).alerts().len(), 2);
}

#[test]
fn what_waits_for_an_output_that_nobody_knows_is_named_and_not_lost() {
    let (place, edda) = (Place::new(), open_balancers(1));
    outputs(&place, true, &json!({}));
    place.run(run(&edda, UNTIL)).exits(3);
    place.config(&json!({}));
    place.run(["outbox", "retry"]).exits(78).says(&["`one`", "reddalert outbox drop --output one --yes"]);
    assert_eq!(place.run(["outbox", "list"]).exits(0).stdout.lines().count(), 2);
}

#[test]
fn dead_letters_are_listed_and_tried_once_more_when_the_operator_wants_it() {
    let is_strict = Arc::new(AtomicBool::new(true));
    let strict = Arc::clone(&is_strict);
    let hook = Recorder::start(move |_, _| {
        let status = if strict.load(Ordering::SeqCst) { "400 Bad Request" } else { "200 OK" };
        Recorder::answer(status, "too \u{1b}[31mred")
    });
    let (place, edda) = (Place::new(), open_balancers(2));
    place.config(&json!({"outputs": {"hook": {"kind": "webhook", "url": hook.url}}, "output": "hook"}));
    place.run(run(&edda, UNTIL)).exits(3).says(&["2 alerts will never be taken"]);
    let dead = place.run(["outbox", "dead"]).exits(0).stdout;
    assert!(dead.starts_with("hook: 2 alerts, the oldest found at 20") && dead.contains("lb-1") && dead.contains("400"), "{dead}");
    assert!(dead.lines().count() == 3 && !dead.contains('\u{1b}'), "{dead:?}");
    place.run(["outbox", "retry"]).exits(0).says(&["nothing waits"]);

    // Refused again: with the dead letters again, and once.
    place.run(["outbox", "retry", "--dead"]).exits(3).says(&["2 alerts will never be taken"]);
    assert_eq!(place.run(["outbox", "dead"]).exits(0).stdout.lines().count(), 3);

    is_strict.store(false, Ordering::SeqCst);
    let half_a_line = "{\"output\":\"hook\",";
    let path = place.path("etc/statusfile.json.dead");
    let whole = std::fs::read_to_string(&path).expect("dead letters");
    std::fs::write(&path, format!("{whole}{half_a_line}")).expect("written");
    place.run(["outbox", "retry", "--dead", "-o", "hook"]).exits(0).says(&["hook: 2 alerts sent"]);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), half_a_line, "what cannot be read is nobody's to throw away");
    assert_eq!(place.run(["outbox", "dead"]).exits(0).stdout, "no output has refused an alert\n");
    assert_eq!(place.status()["reddalert"]["outbox"], json!(0));
    let ids: std::collections::BTreeSet<String> = hook.requests().iter().map(|request| request.header("webhook-id").to_owned()).collect();
    assert_eq!((hook.requests().len(), ids.len()), (6, 2), "three times each, with one id");
}
