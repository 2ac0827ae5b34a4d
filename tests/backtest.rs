//! `backtest`: rules run over the past of an inventory, and nothing is kept.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::archive_serve::Serving;
use crate::support::{Place, Ran, Site, WebSites, project, ran};

const FROM: &str = "2025-11-23T10:00:00Z";
/// The import of the second day, which all changes of the demo are in.
const FOUND: &str = "2025-11-24T10:00:00.000Z";

/// The archive of the demo, told to be known until the evening of the second day.
fn demo() -> Place {
    let place = Place::new();
    fs::copy(project().join("etc/demo/configfile.json"), place.path("etc/configfile.json")).expect("a config");
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

/// A record of which all dates are those of `from`, until it ended if it did; known until the evening of the second day.
fn record(collection: &str, id: &str, (from, ended): (&str, Option<&str>), data: &Value) -> String {
    let moment = |text: &str| json!({"$date": text});
    let line = json!({
        "collection": collection, "id": id, "tags": [], "data": data, "ftime": moment(from), "ctime": moment(from), "stime": moment(from),
        "ltime": ended.map(moment), "mtime": moment("2025-11-24T20:00:00Z"),
    });
    format!("{line}\n")
}

fn import_records(place: &Place, records: &str) {
    place.write("records.jsonl", records);
    place.run(["archive", "import", "--archive", "a.db", "--format", "records", "records.jsonl"]).exits(0);
}

#[test]
fn rules_that_learned_nothing_do_not_know_what_was_there_before() {
    let machine = |id: &str, launched: i64| json!({"instanceId": id, "imageId": "ami-old", "launchTime": launched});
    let place = Place::new();
    let (gone, back) = (("2025-11-23T09:00:00Z", Some("2025-11-23T11:00:00Z")), ("2025-11-24T09:00:00Z", None));
    let machines = [
        record("view.instances", "i-1", gone, &machine("i-1", 1_763_888_400_000)),
        record("view.instances", "i-2", back, &machine("i-2", 1_763_974_800_000)),
        // Rules that look at it are not told that it is unknown.
        record("aws.securityGroups", "sg-1", back, &json!({"groupId": "sg-1"})),
    ];
    import_records(&place, &machines.concat());
    let images = |more: &[&str]| json_of(&backtest(&place, more).exits(0))["rules"]["ami"]["alerts"].as_u64();
    assert_eq!(images(&["--json", "ami"]), Some(0));
    assert_eq!(images(&["--json", "--cold", "ami"]), Some(1));
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
    place.config(&json!({"limits.elbs": {"memory": "1MiB"}}));
    backtest(&place, &["elbs", "iam"])
        .exits(2)
        .says(&["rule elbs failed, or could not look at everything, in 7 runs, first at 2025-11-23T10:00:00"]);
}

/// As if the rule had asked for the page twice in the recorded run, and had been told something else: each virtual run begins with the first
/// answer again, so that no page changes.
fn answer_again(recording: &Path) {
    let text = fs::read_to_string(recording).expect("a recording");
    let lines = text.lines().flat_map(|line| {
        let later = line.contains("NoSuchBucket").then(|| line.replace("NoSuchBucket</Code>", "NoSuchBucket</Code> later"));
        [Some(line.to_owned()), later].into_iter().flatten()
    });
    let lines: Vec<String> = lines.collect();
    assert_eq!(lines.len(), text.lines().count() + 1, "one answer has the page");
    fs::write(recording, lines.join("\n") + "\n").expect("written");
}

#[test]
fn the_network_of_a_recorded_run_answers_in_each_virtual_run() {
    const NAME: &str = "the_network_of_a_recorded_run_answers_in_each_virtual_run";
    const SITES: [Site; 1] = [Site { address: "127.0.0.32", page: "return 404 '<Code>NoSuchBucket</Code>';", tls: false }];
    let Some(web) = WebSites::start(NAME, &SITES) else { return };
    let place = demo();
    let page = json!({"name": "127.0.0.32", "type": "CNAME", "resourceRecords": [{"value": "edge.partner.test"}]});
    import_records(&place, &record("aws.hostedRecords", "1", ("2025-11-24T09:00:00Z", None), &page));
    place.config(&json!({
        "stale-after": "never",
        "grants.route53changed": {"schemes": ["http", "https"], "hosts": ["inventory:aws/hostedRecords.name"], "private": ["127.0.0.0/8"]},
    }));
    place.run(["-e", "archive:a.db", "--record", "run.jsonl", "route53changed"]);
    answer_again(&place.path("run.jsonl"));
    // What is not reached any more answers all the same.
    drop(web);
    backtest(&place, &["route53changed"]).exits(64).says(&["route53changed; --replay gives them what it answered in a recorded run"]);
    let found = json_of(&backtest(&place, &["--json", "--replay", "run.jsonl", "route53changed", "iam"]).exits(0));
    assert_eq!(
        found["rules"]["route53changed"],
        json!({"runs": 6, "alerts": 1, "distinct": 1, "failures": 0, "first": FOUND, "last": FOUND})
    );
    assert_eq!(found["rules"]["iam"]["alerts"], json!(2));
    let says = ["security_headers; the recording does not have them"];
    backtest(&place, &["--replay", "run.jsonl", "security_headers"]).exits(64).says(&says);
    backtest(&place, &["--replay", "none.jsonl"]).exits(4).says(&["none.jsonl"]);
}
