//! Machines hear of each run: metrics, a ping, and errors in a Sentry project.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Reply, SentryServer, skipped, system_program};

const UNTIL: &str = "1700000000000";

fn account() -> EddaServer {
    Account::empty()
        .with(
            "aws/loadBalancers",
            json!([{"loadBalancerName": "open", "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]}]),
        )
        .serve()
}

fn broken() -> EddaServer {
    EddaServer::start(|_| Reply::error(500, "down"))
}

fn metrics(place: &Place) -> String {
    std::fs::read_to_string(place.path("etc/reddalert.prom")).expect("the metrics file")
}

/// As it is written.
fn value<'a>(text: &'a str, sample: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {sample} in\n{text}"))
}

fn moment(text: &str, sample: &str) -> f64 {
    value(text, sample).parse().expect("a number")
}

/// Prometheus's own reading of the file.
fn check(text: &str) {
    let Some(promtool) = system_program("promtool") else {
        return skipped("monitoring", "promtool is missing; Debian's package prometheus has it");
    };
    let mut child =
        Command::new(promtool).args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.as_mut().expect("promtool starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), text.as_bytes()).expect("written");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().expect("a pipe"), &mut said).expect("text");
    assert!(child.wait().expect("it ends").success(), "{said}\n{text}");
}

#[test]
fn the_metrics_of_a_good_and_of_a_failed_run_can_be_told_apart() {
    let place = Place::new();
    place.config(&json!({"metrics-file": "reddalert.prom"}));
    place.run(["-e", &account().url, "-u", UNTIL, "-o", "jsonl", "elbs"]).exits(0);
    let good = metrics(&place);
    check(&good);
    assert_eq!(value(&good, "reddalert_last_run_exit_code"), "0");
    assert_eq!(value(&good, "reddalert_rule_alerts{rule=\"elbs\"}"), "1");
    assert_eq!(value(&good, "reddalert_output_delivered{output=\"jsonl\"}"), "1");
    let succeeded = value(&good, "reddalert_last_success_timestamp_seconds");
    assert!(moment(&good, "reddalert_last_success_timestamp_seconds") > 1_700_000_000.0);

    place.run(["-e", &broken().url, "-u", "1700000001000", "-o", "jsonl", "elbs"]).exits(4);
    let bad = metrics(&place);
    check(&bad);
    assert_eq!(value(&bad, "reddalert_last_run_exit_code"), "4");
    assert_eq!(value(&bad, "reddalert_last_success_timestamp_seconds"), succeeded);
    assert!(moment(&bad, "reddalert_last_run_timestamp_seconds") >= moment(&good, "reddalert_last_run_timestamp_seconds"));
}

#[test]
fn a_metrics_file_that_cannot_be_written_is_told_and_changes_nothing() {
    let place = Place::new();
    place.config(&json!({"metrics-file": "/proc/reddalert.prom"}));
    place.run(["-e", &account().url, "-u", UNTIL, "-o", "jsonl", "elbs"]).exits(0).says(&["/proc/reddalert.prom` cannot be written"]);
}

#[test]
fn each_run_asks_for_the_ping_address_with_its_exit_code() {
    let (place, ears) = (Place::new(), EddaServer::start(|_| Reply::json(&json!("ok"))));
    place.config(&json!({"ping-url": format!("{}/secret/{{exit}}", ears.url)}));
    place.run(["-e", &account().url, "-u", UNTIL, "elbs"]).exits(0);
    place.run(["-e", &broken().url, "-u", "1700000001000", "elbs"]).exits(4);
    place.run(["-e", &account().url, "--dry-run", "elbs"]).exits(0);
    assert_eq!(ears.asked(), ["/secret/0", "/secret/4"]);
}

#[test]
fn without_a_place_for_the_exit_code_a_failed_run_is_silent() {
    let (place, ears) = (Place::new(), EddaServer::start(|_| Reply::json(&json!("ok"))));
    place.config(&json!({"ping-url": format!("{}/secret", ears.url)}));
    place.run(["-e", &broken().url, "-u", UNTIL, "elbs"]).exits(4);
    assert_eq!(ears.asked(), [""; 0]);
    place.run(["-e", &account().url, "-u", UNTIL, "elbs"]).exits(0);
    assert_eq!(ears.asked(), ["/secret"]);
}

#[test]
fn a_ping_that_fails_is_told_without_its_address() {
    let (place, ears) = (Place::new(), EddaServer::start(|_| Reply::error(404, "secret")));
    place.config(&json!({"ping-url": format!("{}/secret", ears.url)}));
    let ran = place.run(["-e", &account().url, "-u", UNTIL, "elbs"]).exits(0).says(&["`ping-url`", "404"]);
    assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
}

#[test]
fn sentry_hears_of_what_went_wrong_and_of_nothing_else() {
    let Some(sentry) = SentryServer::start("monitoring::sentry") else { return };
    let place = Place::new();
    let arguments = |url: &str, until: &str| ["--sentry", &sentry.dsn, "-e", url, "-u", until, "elbs"].map(str::to_owned);
    place.run(arguments(&account().url, UNTIL)).exits(0);
    assert_eq!(sentry.events(), Vec::<Value>::new());

    place.run(arguments(&broken().url, "1700000001000")).exits(4);
    place.config(&json!({"nonsense": 1}));
    place.run(arguments(&account().url, "1700000002000")).exits(78);
    let events: Vec<String> = sentry.events().iter().map(ToString::to_string).collect();
    assert!(events.iter().any(|event| event.contains("inventory")), "{events:?}");
    assert!(events.last().is_some_and(|event| event.contains("nonsense")), "{events:?}");
}

#[test]
fn a_dsn_that_is_none_is_refused() {
    Place::new().run(["--sentry", "hunter2", "elbs"]).exits(64).says(&["expected the DSN"]);
}
