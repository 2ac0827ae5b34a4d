//! Much at once: the counts are exact, memory and messages are bounded. `make load-test` prints what it costs and how that grows.

#![allow(clippy::print_stderr, reason = "the table of what it costs")]

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{EddaServer, Place, Ran, open_balancers, project, ran_with_peak};

const UNTIL: &str = "1700000000000";

fn command(place: &Place, edda: &EddaServer) -> Command {
    let mut command = place.command();
    command.args(["-e", &edda.url, "-u", UNTIL]);
    command
}

/// One output, a file that takes alerts or does not.
fn output_to(place: &Place, file: &str) -> Value {
    json!({"kind": "jsonl", "file": if file == "/dev/full" { file.into() } else { place.path(file) }})
}

/// The different ids of alerts in a file, and the lines.
fn counted(place: &Place, file: &str) -> (usize, usize) {
    let text = std::fs::read_to_string(place.path(file)).expect("alerts");
    let id = |line: &str| serde_json::from_str::<Value>(line).expect("JSON")["alert_id"].as_str().expect("an id").to_owned();
    let ids: BTreeSet<String> = text.lines().map(id).collect();
    (ids.len(), text.lines().count())
}

/// A run of one rule that finds so many alerts. Returns the most memory, MiB.
fn run_with(alerts: usize) -> u64 {
    let (place, edda) = (Place::new(), open_balancers(alerts));
    place.config(&json!({"outputs": {"file": output_to(&place, "file")}, "output": "file"}));
    let (ran, peak) = ran_with_peak(command(&place, &edda).arg("elbs"));
    assert_eq!(ran.exits(0).stderr, "");
    assert_eq!(counted(&place, "file"), (alerts, alerts));
    assert_eq!(place.status()["reddalert"]["outbox"], json!(0));
    peak
}

#[test]
fn a_hundred_thousand_alerts_of_one_run_all_arrive_in_bounded_memory() {
    let peak = run_with(100_000);
    assert!((1..1024).contains(&peak), "{peak} MiB");
}

#[test]
fn one_alert_more_than_a_rule_may_return_fails_it_and_is_said() {
    let (place, edda) = (Place::new(), open_balancers(11));
    place.config(&json!({"limits.elbs": {"alerts": 10}}));
    let (ran, _) = ran_with_peak(command(&place, &edda).arg("elbs"));
    assert_eq!(ran.exits(2).says(&["elbs: failed", "more than 10 alerts", "\"alerts\""]).stdout, "");
}

/// Two hundred rules that each find so many alerts. Returns the most memory, MiB.
fn two_hundred_rules(alerts: usize) -> u64 {
    const RULES: usize = 200;
    let (place, edda) = (Place::new(), open_balancers(alerts));
    let mut config = json!({"outputs": {"file": output_to(&place, "file")}, "output": "file"});
    let names: Vec<String> = (0..RULES).map(|number| format!("elbs_{number}")).collect();
    for name in &names {
        config[format!("plugin.{name}")] = json!({"$rule": "elbs"});
    }
    place.config(&config);
    let (ran, peak) = ran_with_peak(command(&place, &edda).args(&names));
    assert_eq!(ran.exits(0).stderr, "");
    assert_eq!(counted(&place, "file"), (RULES * alerts, RULES * alerts));
    let changed = edda.asked().iter().filter(|target| target.contains("loadBalancers;_expand")).count();
    assert_eq!(changed, 1, "one answer for all rules: {:?}", edda.asked());
    peak
}

#[test]
fn two_hundred_rules_share_one_inventory() {
    let peak = two_hundred_rules(20);
    assert!((1..1024).contains(&peak), "{peak} MiB");
}

/// Alerts that wait for three outputs, which then take them. Returns the most memory of the delivery, MiB.
fn waiting_alerts(alerts: usize) -> u64 {
    let (place, edda) = (Place::new(), open_balancers(alerts));
    let configure = |files: [&str; 3]| {
        let [one, two, three] = files.map(|file| output_to(&place, file));
        place.config(&json!({"outputs": {"one": one, "two": two, "three": three}, "output": "one,two,three"}));
    };
    configure(["/dev/full"; 3]);
    let (ran, _) = ran_with_peak(command(&place, &edda).arg("elbs"));
    ran.exits(3).says(&[&format!("output three: {alerts} alerts kept")]);
    let listed = place.run(["outbox", "list"]).exits(0).stdout;
    assert_eq!(listed.matches(&format!(": {alerts} alerts, the oldest")).count(), 3, "{listed}");
    configure(["1", "2", "3"]);
    let (ran, peak) = ran_with_peak(place.command().args(["outbox", "retry"]));
    ran.exits(0);
    for file in ["1", "2", "3"] {
        assert_eq!(counted(&place, file), (alerts, alerts));
    }
    assert_eq!(place.status()["reddalert"]["outbox"], json!(0));
    peak
}

#[test]
fn ten_thousand_waiting_alerts_reach_each_of_three_outputs_once() {
    let peak = waiting_alerts(10_000);
    assert!((1..512).contains(&peak), "{peak} MiB");
}

#[test]
fn a_rule_that_logs_without_end_is_cut_short_and_harms_nobody() {
    let (place, edda) = (Place::new(), open_balancers(1));
    let rules = place.rules(&[]);
    let hostile = |name: &str| std::fs::read_to_string(project().join("tests/hostile").join(name)).expect("a fixture");
    let component = wat::parse_str(hostile("frame.wat").replace(";; RULE", &hostile("logs_without_end.wat"))).expect("WebAssembly text");
    std::fs::write(rules.join("noisy.wasm"), component).expect("a rule");
    place.config(&json!({"limits.noisy": {"computing-time": "2s", "log-bytes": "64KiB"}}));
    let mut command = command(&place, &edda);
    command.args(["-o", "jsonl", "--log-format", "human", "elbs", "noisy", "--plugins"]).arg(&rules);
    let (ran, peak): (Ran, u64) = ran_with_peak(&mut command);
    let ran = ran.exits(2).says(&["noisy: failed"]);
    assert_eq!(ran.alerts().len(), 1, "the other rule's");
    assert!(ran.stderr.len() < (1 << 20) && peak < 512, "{} bytes, {peak} MiB", ran.stderr.len());
    assert_eq!(place.status()["reddalert"]["progress"]["noisy"], json!(0));
}

#[test]
#[ignore = "measures: `make load-test`"]
fn what_much_costs_and_how_that_grows() {
    type Case = (&'static str, fn(usize) -> u64, [usize; 3]);
    let cases: [Case; 3] = [
        ("alerts of one rule", run_with, [25_000, 50_000, 100_000]),
        ("alerts of each of 200 rules", two_hundred_rules, [50, 100, 200]),
        ("waiting alerts, three outputs", waiting_alerts, [10_000, 20_000, 40_000]),
    ];
    eprintln!("| what | number | seconds | most memory, MiB |\n| --- | --- | --- | --- |");
    for (what, run, numbers) in cases {
        for number in numbers {
            let begin = Instant::now();
            let peak = run(number);
            eprintln!("| {what} | {number} | {:.1} | {peak} |", begin.elapsed().as_secs_f64());
        }
    }
}
