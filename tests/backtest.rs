//! `backtest`: rules run over the past of an inventory, and nothing is kept.

use serde_json::{Value, json};

use crate::archive_serve::Serving;
use crate::support::{Place, Ran, project, ran};

const FROM: &str = "2025-11-23T10:00:00Z";
/// The import of the second day, which all changes of the demo are in.
const FOUND: &str = "2025-11-24T10:00:00.000Z";

/// The archive of the demo, told to be known until the evening of the second day.
fn demo() -> Place {
    let place = Place::new();
    std::fs::copy(project().join("etc/demo/configfile.json"), place.path("etc/configfile.json")).expect("a config");
    for (at, dump) in [("2025-11-23T09:00:00Z", "t0"), ("2025-11-24T09:00:00Z", "t1"), ("2025-11-24T20:00:00Z", "t1")] {
        let mut import = place.command();
        ran(import.args(["archive", "import", "--archive", "a.db", "--at", at]).arg(project().join("etc/demo").join(dump))).exits(0);
    }
    place
}

fn backtest(place: &Place, more: &[&str]) -> Ran {
    place.run(["backtest", "-e", "archive:a.db", "--from", FROM].iter().chain(more))
}

fn json_of(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).expect("JSON")
}

#[test]
fn the_changes_of_a_day_are_found_when_they_happened_and_nothing_is_kept() {
    let place = demo();
    let ran = backtest(&place, &["--json"]).exits(0).says(&["not set up, so not run: non_chef, route53changed,"]);
    let found = json_of(&ran);
    assert_eq!((&found["runs"], &found["every"], &found["to"]), (&json!(6), &json!("6h"), &json!("2025-11-24T20:00:00.001Z")));
    let instants = found["instants"].as_array().expect("a list");
    assert_eq!(instants.len(), 1, "{instants:#?}");
    assert_eq!(instants[0]["until"], json!(FOUND));
    let counts =
        ["secgroups", "ami", "elbs", "newtag", "missingtag", "iam"].map(|rule| instants[0]["alerts"][rule].as_array().map(Vec::len));
    assert_eq!(counts, [Some(3), Some(1), Some(2), Some(1), Some(1), Some(2)]);
    assert_eq!(instants[0]["alerts"]["iam"], json!(["bob", "mallory"]));
    let total = json!({"runs": 6, "alerts": 2, "distinct": 2, "failures": 0, "first": FOUND, "last": FOUND});
    assert_eq!(found["rules"]["iam"], total);
    for file in ["etc/statusfile.json", "etc/statusfile.json.lock", "etc/statusfile.json.outbox"] {
        assert!(!place.path(file).exists(), "{file}");
    }
    for jobs in ["1", "4"] {
        assert_eq!(backtest(&place, &["--json", "--jobs", jobs]).stdout, ran.stdout, "--jobs {jobs}");
    }
}

#[test]
fn people_get_a_table_and_a_chart() {
    let place = demo();
    let shown = backtest(&place, &["--every", "12h", "iam", "elbs"]).exits(0).stdout;
    let expected = "\
rule  runs  alerts  distinct  failures  first                     last
elbs     3       2         2         0  2025-11-24T10:00:00.000Z  2025-11-24T10:00:00.000Z
iam      3       2         2         0  2025-11-24T10:00:00.000Z  2025-11-24T10:00:00.000Z

alerts from 2025-11-23T10:00:00.000Z to 2025-11-24T20:00:00.001Z, 12h a column
elbs  ·█·  at most 2
iam   ·█·  at most 2
";
    assert_eq!(shown, expected);
}

#[test]
fn rules_that_learned_nothing_do_not_know_what_was_there_before() {
    let place = demo();
    // Of a service that was there on the first day, a machine was started on the second.
    let services = |more: &[&str]| json_of(&backtest(&place, more).exits(0))["rules"]["newtag"]["alerts"].as_u64();
    assert_eq!(services(&["--json", "newtag"]), Some(1));
    assert_eq!(services(&["--json", "--cold", "newtag"]), Some(1));
}

#[test]
fn the_past_of_a_served_archive_is_that_of_the_archive() {
    let place = demo();
    let serving = Serving::start(&place, &[]);
    let there = backtest(&place, &["--json"]).exits(0);
    let served = place.run(["backtest", "-e", &serving.url(), "--from", FROM, "--to", "2025-11-24T20:00:00.001Z", "--json"]).exits(0);
    assert_eq!(served.stdout, there.stdout);
}

#[test]
fn what_cannot_be_run_over_the_past_is_refused_with_the_reason() {
    let place = demo();
    backtest(&place, &["s3acl"]).exits(64).says(&["nobody knows what the network answered then: s3acl"]);
    backtest(&place, &["--to", FROM]).exits(64).says(&["--from 2025-11-23T10:00:00.000Z is not before the end"]);
    backtest(&place, &["--every", "1ms"]).exits(64).says(&["--every 1ms: that would be more than"]);
    backtest(&place, &["nosuch"]).exits(64).says(&["there is no rule `nosuch`"]);
    place.run(["backtest", "-e", "archive:none.db", "--from", FROM]).exits(4).says(&["none.db"]);
}

#[test]
fn a_rule_that_fails_is_counted_and_named() {
    let place = demo();
    place.config(&json!({"limits.elbs": {"host-calls": 1}}));
    backtest(&place, &["elbs", "iam"])
        .exits(2)
        .says(&["rule elbs failed, or could not look at everything, in 7 runs, first at 2025-11-23T10:00:00"]);
}
