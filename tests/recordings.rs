//! `--record`, `--replay` and `rule case`: what rules were told in a run is enough to run them again.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Account, Place, Ran, Site, WebSites, project, ran, recorded_account, shipped_rule};

/// An archive with the two days of the demo, of which the first has been learned.
fn demo() -> Place {
    let place = Place::new();
    for (at, dump) in [("2025-11-23T09:00:00Z", "etc/demo/t0"), ("2025-11-24T09:00:00Z", "etc/demo/t1")] {
        let mut import = place.command();
        ran(import.args(["archive", "import", "--archive", "a.db", "--at", at]).arg(project().join(dump))).exits(0);
        if dump.ends_with("t0") {
            std::fs::copy(project().join("etc/demo/configfile.json"), place.path("etc/configfile.json")).expect("a config");
            place.run(["-e", "archive:a.db", "--learn"]).exits(0);
        }
    }
    place
}

fn replay(place: &Place, more: &[&str]) -> Ran {
    place.run(["-o", "jsonl", "--replay", "run.jsonl"].iter().chain(more))
}

/// What a recording is worth is shown where nothing else is: no status, no config, no inventory.
fn elsewhere(place: &Place) -> Place {
    let other = Place::new();
    std::fs::copy(place.path("run.jsonl"), other.path("run.jsonl")).expect("a recording");
    other
}

#[test]
fn a_run_on_an_archive_is_repeated_to_the_byte_with_nothing_but_its_recording() {
    let place = demo();
    let live = place.run(["-e", "archive:a.db", "-o", "jsonl", "--record", "run.jsonl"]).exits(0);
    assert_eq!(live.alerts().len(), 10);
    let mode = std::fs::metadata(place.path("run.jsonl")).expect("a recording").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let other = elsewhere(&place);
    for jobs in ["1", "4"] {
        assert_eq!(replay(&other, &["--jobs", jobs]).exits(0).stdout, live.stdout, "--jobs {jobs}");
    }
    assert!(!other.path("etc/statusfile.json").exists(), "a replay keeps nothing");
    let some: Vec<&str> = live.stdout.lines().filter(|line| line.contains("\"plugin_name\":\"iam\"")).collect();
    assert_eq!(replay(&other, &["iam"]).exits(0).stdout.lines().collect::<Vec<_>>(), some);
    replay(&other, &["s3acl"]).exits(64).says(&["rule `s3acl` is not in the recording run.jsonl (rules: ami, elbs, iam, missingtag,"]);
    // A window that the status has passed already.
    let live = place.run(["-e", "archive:a.db", "-o", "jsonl", "--since", "2025-11-23T09:00:00Z", "--record", "run.jsonl"]).exits(0);
    assert!(live.alerts().len() > 10);
    assert_eq!(replay(&elsewhere(&place), &[]).exits(0).stdout, live.stdout);
}

#[test]
fn a_run_on_an_edda_is_repeated_when_the_edda_is_gone() {
    let place = Place::new();
    let fixtures = project().join("tests/data/original/edda-rules/fixtures");
    std::fs::copy(fixtures.join("config.json"), place.path("etc/configfile.json")).expect("a config");
    let edda = recorded_account(&fixtures).serve();
    let rules = ["secgroups", "ami", "elbs", "newtag", "missingtag", "iam"];
    let live =
        place.run(["-e", &edda.url, "-u", "1700021600000", "-o", "jsonl", "--jobs", "4", "--record", "run.jsonl"].iter().chain(&rules));
    assert!(live.stdout.lines().count() > 5, "{}", live.stderr);
    drop(edda);
    for jobs in ["1", "4"] {
        let again = replay(&elsewhere(&place), &["--jobs", jobs]);
        assert_eq!((again.code, again.stdout), (live.code, live.stdout.clone()), "--jobs {jobs}");
    }
}

#[test]
fn requests_of_rules_are_repeated_without_a_network_and_no_secret_is_kept() {
    const SITES: [Site; 1] = [Site { address: "127.0.0.31", page: "return 404 '<Code>NoSuchBucket</Code>';", tls: false }];
    let Some(web) = WebSites::start("requests_of_rules_are_repeated_without_a_network_and_no_secret_is_kept", &SITES) else { return };
    let place = Place::new();
    let records = json!([{"name": "127.0.0.31", "type": "CNAME", "resourceRecords": [{"value": "edge.partner.test"}]}]);
    let edda = Account::empty().with("aws/hostedRecords", records).serve();
    place.write("token", "hunter2");
    place.config(&json!({
        "credentials": {"partner": {"kind": "bearer", "token": {"$file": place.path("token")}}},
        "grants.route53changed": {"schemes": ["http", "https"], "hosts": ["inventory:aws/hostedRecords.name"], "private": ["127.0.0.0/8"],
            "credential": "partner"},
    }));
    let live = place.run(["-e", &edda.url, "-o", "jsonl", "--record", "run.jsonl", "route53changed"]).exits(0);
    assert_eq!(live.alerts().len(), 1, "{}", live.stderr);
    drop((web, edda));
    let recording = std::fs::read_to_string(place.path("run.jsonl")).expect("a recording");
    assert!(recording.contains("NoSuchBucket") && recording.contains("http.send"), "{recording}");
    assert!(!recording.contains("hunter2"), "{recording}");
    assert_eq!(replay(&elsewhere(&place), &[]).exits(0).stdout, live.stdout);
}

/// A recording in which `from` was replaced, as if the rule now asked for something else.
fn changed(place: &Place, from: &str, to: &str) {
    let recording = std::fs::read_to_string(place.path("run.jsonl")).expect("a recording");
    assert!(recording.contains(from), "{recording}");
    place.write("run.jsonl", recording.replace(from, to));
}

#[test]
fn a_rule_that_asks_something_new_is_told_so_with_the_nearest() {
    let place = demo();
    place.run(["-e", "archive:a.db", "-o", "jsonl", "--record", "run.jsonl", "elbs"]).exits(0);
    changed(&place, "aws/loadBalancers;_expand:(loadBalancerName,", "aws/loadBalancers;_expand:(");
    replay(&place, &[]).says(&[
        "the recording `run.jsonl` has no answer for rule elbs to `edda.documents aws/loadBalancers;_expand:(loadBalancerName,",
        "the nearest one that it has is `edda.documents aws/loadBalancers;_expand:(canonicalHostedZoneName,",
    ]);
}

#[test]
fn a_recording_that_is_no_whole_recording_is_refused() {
    let place = demo();
    place.run(["-e", "archive:a.db", "-o", "jsonl", "--record", "run.jsonl"]).exits(0);
    let recording = std::fs::read_to_string(place.path("run.jsonl")).expect("a recording");
    let lines = recording.lines().count();
    place.write("run.jsonl", &recording[..recording.len() / 2]);
    replay(&place, &[]).exits(4).says(&["the recording `run.jsonl` is damaged at line"]);
    let whole_lines: Vec<&str> = recording.lines().take(lines - 1).collect();
    place.write("run.jsonl", whole_lines.join("\n"));
    replay(&place, &[]).exits(4).says(&[&format!("is cut off after line {}", lines - 1)]);
    place.run(["--replay", "nowhere.jsonl"]).exits(4).says(&["cannot read the recording `nowhere.jsonl`"]);
    place.run(["--record", "no/where.jsonl", "-e", "archive:a.db"]).exits(74).says(&["cannot write the recording `no/where.jsonl`"]);
    replay(&place, &["-e", "archive:a.db"]).exits(64);
}

fn json_of(file: PathBuf) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).expect("a file")).expect("JSON")
}

#[test]
fn a_recording_becomes_a_case_of_one_rule() {
    let place = demo();
    place.run(["-e", "archive:a.db", "-o", "jsonl", "--record", "run.jsonl"]).exits(0);
    place.run(["rule", "case", "run.jsonl", "bob"]).exits(64).says(&["--rule: name one; the recording has the rules ami, elbs, iam,"]);
    place.run(["rule", "case", "run.jsonl", "--rule", "ima", "bob"]).exits(64).says(&["--rule: there is no `ima`"]);
    place.run(["rule", "case", "run.jsonl", "--rule", "ami", "bob"]).exits(0);
    place.run(["rule", "case", "run.jsonl", "--rule", "ami", "bob"]).exits(74).says(&["cannot make the directory `bob`"]);
    let case = json_of(place.path("bob/case.json"));
    assert_eq!(case["runs"], json!([{"since": "2025-11-23T09:00:00.001Z", "until": "2025-11-24T09:00:00.001Z"}]));
    assert_eq!(case["status"]["first_seen"]["ami-35e92e4c"], json!(1_763_888_400_000_i64));
    // It is a case, which the same rule passes.
    let rule = shipped_rule("ami");
    let test = |more: &[&str]| place.run(["rule", "test", "bob", "--rule", rule.to_str().expect("a path")].iter().chain(more)).exits(0);
    test(&["--accept"]);
    let accepted = json_of(place.path("bob/expected.json"));
    assert_eq!(accepted["runs"][0]["alerts"][0]["id"], "ami-6cc0f57f973302642", "{accepted}");
    assert!(test(&[]).stdout.contains("1 case: 1 passed"));
    // What was cut out is a recording itself.
    let whole = replay(&place, &["ami"]).exits(0).stdout;
    std::fs::copy(place.path("bob/recording.jsonl"), place.path("run.jsonl")).expect("a recording");
    assert_eq!(replay(&place, &[]).exits(0).stdout, whole);
    assert!(!std::fs::read_to_string(place.path("run.jsonl")).expect("a recording").contains("\"iam\""));
}
