//! Whatever is wrong, the message names the thing and what to do, the exit code is of its kind, other rules' alerts are delivered and the status stays whole.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Reply, shipped_rule};

const NOW: &str = "2025-01-01T00:00:00Z";

fn open_balancer() -> Value {
    json!([{
        "loadBalancerName": "open", "canonicalHostedZoneName": "open.example", "instances": [],
        "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}, "policyNames": []}],
    }])
}

fn account() -> Account {
    Account::empty().with("aws/loadBalancers", open_balancer())
}

/// Runs with a bad `etc/configfile.json`.
fn with_config(text: &str) -> crate::support::Ran {
    let place = Place::new();
    place.write("etc/configfile.json", text);
    place.run(["elbs"])
}

#[test]
fn unknown_flags_rules_and_outputs_are_errors_of_the_command_line() {
    let place = Place::new();
    place.run(["--sinse", "5"]).exits(64).says(&["--sinse", "--since"]);
    place.run(["elb"]).exits(64).says(&["`elb`", "elbs"]);
    place.run(["-o", "jsnol"]).exits(64).says(&["`jsnol`", "jsonl"]);
    place.run(["--since", "yesterday"]).exits(64).says(&["yesterday", "RFC 3339"]);
    place.run(["--jobs", "0"]).exits(64);
    place.run(["--fail-on", "huge"]).exits(64).says(&["critical"]);
    assert!(!place.path("etc/statusfile.json").exists());
}

#[test]
fn a_config_that_cannot_be_used_says_where() {
    with_config("hello").exits(78).says(&["configfile.json:1:1"]);
    with_config("{\n  \"edda\": \"http://h\",\n").exits(78).says(&["configfile.json:"]);
    with_config("[]").exits(78).says(&["configfile.json:1:1", "object"]);
    with_config("{\n  \"store-untill\": true\n}").exits(78).says(&["configfile.json:2:3", "`store-untill`", "`store-until`"]);
    with_config("{\"jobs\": \"two\"}").exits(78).says(&["configfile.json:1:10", "jobs"]);
    with_config("{\"limits\": {\"elbs\": {\"memory\": \"64\"}}}").exits(78).says(&["limits.elbs.memory", "64MiB"]);
    with_config("{\"limits\": {\"elbs\": {\"memroy\": \"64MiB\"}}}").exits(78).says(&["memroy", "memory"]);
    with_config("{\"edda\": \"ftp://h\"}").exits(78).says(&["`edda`", "archive:PATH"]);
    with_config("{\"output\": \"jsnol\"}").exits(78).says(&["jsnol", "jsonl"]);
    with_config("{\"plugin.elb\": {}}").exits(78).says(&["plugin.elb", "elbs"]);
    with_config("{\"stale-after\": \"3 hours\"}").exits(78).says(&["stale-after", "90s"]);
}

#[test]
fn a_config_that_cannot_be_read_is_an_error_and_a_missing_default_is_not() {
    let place = Place::new();
    place.run(["-c", "nowhere.json"]).exits(78).says(&["nowhere.json"]);
    place.run(["-c", "etc"]).exits(78).says(&["etc", "directory"]);
    place.write("latin1.json", b"{\"edda\": \"http://h\xe9\"}");
    place.run(["-c", "latin1.json"]).exits(78).says(&["latin1.json", "UTF-8"]);
    let edda = account().serve();
    place.run(["-e", &edda.url, "elbs", "-o", "jsonl"]).exits(0);
}

#[test]
fn a_status_that_cannot_be_used_is_never_replaced() {
    let edda = account().serve();
    for damaged in
        ["", "hello", "{\"since\": 5", "[]", "{\"since\": \"soon\"}", "{\"plugin.elbs\": 5}", "{\"reddalert\": {\"version\": 99}}"]
    {
        let place = Place::new();
        place.write("etc/statusfile.json", damaged);
        place.run(["-e", &edda.url, "elbs"]).exits(74).says(&["statusfile.json"]);
        assert_eq!(std::fs::read_to_string(place.path("etc/statusfile.json")).expect("still there"), damaged);
    }
    let place = Place::new();
    std::fs::create_dir(place.path("etc/statusfile.json")).expect("a directory");
    place.run(["-e", &edda.url, "elbs"]).exits(74).says(&["statusfile.json"]);
    place.run(["-e", &edda.url, "-f", "nowhere/status.json", "elbs"]).exits(74).says(&["nowhere"]);
}

#[test]
fn a_file_that_is_no_rule_fails_alone() {
    let place = Place::new();
    let rules = place.path("more");
    let elbs = std::fs::read(shipped_rule("elbs")).expect("a shipped rule");
    place.write("more/empty.wasm", "");
    place.write("more/text.wasm", "I am no component");
    place.write("more/module.wasm", wat::parse_str("(module)").expect("a module"));
    place.write("more/stranger.wasm", wat::parse_str("(component)").expect("a component"));
    place.write("more/truncated.wasm", &elbs[..elbs.len() / 2]);
    place.write("more/Bad Name.wasm", &elbs);
    place.write("more/huge.wasm", "").set_len_huge();
    let edda = account().serve();
    let ran = place.run(["-e", &edda.url, "-o", "jsonl", "--plugins", &rules.to_string_lossy()]).exits(2);
    assert_eq!(ran.alerts().len(), 1, "the alert of elbs");
    let texts =
        ["empty", "is empty", "text", "module", "core module", "stranger", "lifecycle", "truncated", "Bad Name.wasm", "huge", "64 MiB"];
    ran.says(&texts);
    assert!(place.status()["reddalert"]["progress"]["elbs"].as_i64().expect("progress") > 0);
    assert_eq!(place.status()["reddalert"]["progress"]["stranger"], json!(0));
}

#[test]
fn one_name_in_two_directories_names_both_files() {
    let place = Place::new();
    let directory = place.rules(&["elbs"]);
    place.run(["--plugins", &directory.to_string_lossy()]).exits(78).says(&["rules/elbs.wasm", "plugins/elbs.wasm"]);
    place.run(["--plugins", "nowhere"]).exits(78).says(&["nowhere"]);
}

#[test]
fn an_odd_document_is_skipped_and_the_others_are_looked_at() {
    let mut documents = open_balancer();
    let odd = [
        json!({"loadBalancerName": 5}),
        json!("a name"),
        json!({"loadBalancerName": "x", "listenerDescriptions": "none"}),
        json!(null),
        json!({}),
    ];
    documents.as_array_mut().expect("a list").splice(0..0, odd);
    let edda = account().with("aws/loadBalancers", documents).serve();
    let place = Place::new();
    let ran = place.run(["-e", &edda.url, "-o", "jsonl", "--log-format", "human", "elbs"]).exits(0);
    assert_eq!(ran.alerts().len(), 1);
    assert!(ran.stderr.contains("skipped"), "{}", ran.stderr);
}

#[test]
fn a_rule_directory_that_is_unreadable_is_named() {
    let place = Place::new();
    place.write("file", "");
    place.run(["--plugins", "file"]).exits(78).says(&["file"]);
}

#[test]
fn a_window_that_makes_no_sense_is_said() {
    let place = Place::new();
    let edda = account().serve();
    place.write("etc/statusfile.json", json!({"since": 99_999_999_999_999_i64}).to_string());
    place.run(["-e", &edda.url, "elbs"]).exits(74).says(&["future", "reddalert status set-since"]);
    let place = Place::new();
    let ran = place.run(["-e", &edda.url, "--since", NOW, "--until", NOW, "--log-format", "human", "elbs"]).exits(0);
    assert!(ran.stderr.contains("nothing to do"), "{}", ran.stderr);
}

#[test]
fn an_answer_that_is_no_object_or_list_fails_the_rule_and_keeps_its_progress() {
    let edda = EddaServer::start(|_| Reply::Answer(200, "5".into()));
    let place = Place::new();
    place.run(["-e", &edda.url, "elbs"]).exits(4).says(&["elbs"]);
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(0));
}

trait SetLenHuge {
    fn set_len_huge(&self);
}

impl SetLenHuge for std::path::PathBuf {
    /// 100 MiB that take no room on the disk.
    fn set_len_huge(&self) {
        let file = std::fs::OpenOptions::new().write(true).open(self).expect("a file");
        file.set_len(100 << 20).expect("a sparse file");
        file.set_permissions(std::fs::Permissions::from_mode(0o644)).expect("a mode");
    }
}
