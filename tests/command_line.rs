//! The command line of the original, and what is beside it.

use serde_json::json;

use crate::support::{Account, Place};

#[test]
fn the_cron_line_of_the_original_works_as_it_is() {
    let edda = Account::empty().serve();
    let place = Place::new();
    place.write("conf.json", json!({"edda": "http://127.0.0.1:1/edda", "store-until": true, "plugin.chef": {}}).to_string());
    let short = ["-c", "conf.json", "-f", "state.json", "-e", &edda.url, "-o", "stdout_tabsep", "-l", "elbs", "iam"];
    let ran = place.run(short).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    assert!(place.path("state.json").exists());
    let long =
        ["--configfile", "conf.json", "--statusfile", "state.json", "--edda", &edda.url, "--output", "stdout", "--silent", "--store-until"];
    place.run(long).exits(0);
    place.run(["run", "-c", "conf.json", "-f", "state.json", "-e", &edda.url]).exits(0);
}

#[test]
fn help_is_for_people() {
    let place = Place::new();
    let help = place.run(["--help"]).exits(0).stdout;
    for text in ["Examples", "reddalert archive import", "--learn", "--since", "Exit codes", "75"] {
        assert!(help.contains(text), "no `{text}` in\n{help}");
    }
    assert!(place.run(["archive", "import", "--help"]).exits(0).stdout.contains("reddalert archive import --archive"));
    assert!(place.run(["--version"]).exits(0).stdout.starts_with("reddalert "));
}

#[test]
fn rules_shows_every_rule_and_what_it_can_do() {
    let place = Place::new();
    let listed = place.run(["rules"]).exits(0).stdout;
    for rule in ["ami", "elbs", "iam", "missingtag", "newtag", "secgroups"] {
        assert!(listed.contains(rule), "{listed}");
    }
    assert!(listed.contains("edda"), "{listed}");
    let bad = place.path("bad");
    place.write("bad/text.wasm", "no component");
    let listed = place.run(["rules", "--plugins", &bad.to_string_lossy()]).exits(2);
    assert!(listed.stdout.contains("text"), "{}", listed.stdout);
}

#[test]
fn check_says_whether_a_run_would_work() {
    let edda = Account::empty().serve();
    let place = Place::new();
    place.config(&json!({"edda": edda.url, "plugin.chef": {}, "plugin.elbs": {"allowed_ports": [80]}}));
    place.run(["check"]).exits(0);
    place.config(&json!({"edda": "http://127.0.0.1:1/edda"}));
    place.run(["check"]).exits(4).says(&["127.0.0.1:1"]);
    place.config(&json!({"edda": edda.url, "plugin.elbs": {"allowed_port": [80]}}));
    place.run(["check"]).exits(78).says(&["`plugin.elbs.allowed_port`"]);
    place.config(&json!({"edda": edda.url, "jobs": 0}));
    place.run(["check"]).exits(78).says(&["jobs"]);
    place.config(&json!({"edda": edda.url}));
    place.write("etc/statusfile.json", "{");
    place.run(["check"]).exits(74).says(&["statusfile.json"]);
}

#[test]
fn one_rule_runs_twice_with_two_settings() {
    let balancer = json!([{"loadBalancerName": "open", "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]}]);
    let edda = Account::empty().with("aws/loadBalancers", balancer).serve();
    let place = Place::new();
    place.config(&json!({"plugin.elbs": {"allowed_ports": [8080]}, "plugin.elbs_strict": {"$rule": "elbs", "allowed_ports": []}}));
    let ran = place.run(["-e", &edda.url, "-o", "jsonl"]).exits(0);
    assert_eq!(ran.alerts().iter().map(|alert| &alert["plugin_name"]).collect::<Vec<_>>(), ["elbs_strict"]);
    place.run(["-e", &edda.url, "elbs_strict"]).exits(0);
}

#[test]
fn the_status_can_be_shown_and_mended() {
    let edda = Account::empty().serve();
    let place = Place::new();
    place.run(["-e", &edda.url, "-u", "1700000000000"]).exits(0);
    assert!(place.run(["status", "show"]).exits(0).stdout.contains("elbs"));
    place.run(["status", "set-since", "elbs", "2023-11-14T00:00:00Z"]).exits(0);
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(1_699_920_000_000_i64));
    place.run(["status", "forget", "elbs"]).exits(0);
    assert_eq!(place.status()["reddalert"]["progress"].get("elbs"), None);
}
