//! `reddalert rule run` and `rule bench`: a rule once on an inventory, with nothing kept, and what it costs.

use std::fs;

use crate::support::{Place, open_balancers, shipped_rule};

#[test]
fn a_rule_is_run_once_and_nothing_is_kept() {
    let (place, edda, rule) = (Place::new(), open_balancers(2), shipped_rule("elbs"));
    let rule = rule.to_str().expect("a path");
    let ran = place.run(["rule", "run", rule, "-e", &edda.url, "-o", "jsonl"]).exits(0);
    assert_eq!(ran.alerts().iter().map(|alert| alert["id"].as_str().expect("an id")).collect::<Vec<_>>(), ["lb-0", "lb-1"]);
    let ran = ran.says(&["elbs: 2 alerts from 1970-01-01T00:00:00.000Z to ", "ms computing", "call of the host", "MiB of memory"]);
    assert_eq!(fs::read_dir(place.path("etc")).expect("etc").count(), 0, "{}", ran.stderr);

    let quiet = place.run(["rule", "run", rule, "-e", &edda.url, "--settings", r#"{"allowed_ports": [8080]}"#]).exits(0);
    assert_eq!(quiet.stdout, "");
    place.write("settings.json", r#"{"allowed_ports": [8080, "x"]}"#);
    let warned = place.run(["rule", "run", rule, "-e", &edda.url, "--settings", "@settings.json"]).exits(0);
    assert_eq!(warned.stdout, "");
    warned.says(&["WARN setting `allowed_ports`", "elbs: 0 alerts"]);
}

#[test]
fn what_cannot_be_tried_is_refused_with_the_reason() {
    let (place, edda, rule) = (Place::new(), open_balancers(0), shipped_rule("elbs"));
    let rule = rule.to_str().expect("a path");
    let run = |more: &[&str]| place.run(["rule", "run", rule, "-e", &edda.url].iter().chain(more));
    run(&["--settings", "[]"]).exits(64).says(&["--settings: expected a JSON object"]);
    run(&["--settings", "@nothing"]).exits(64).says(&["`nothing` cannot be read"]);
    run(&["--settings", r#"{"allowed_port": []}"#]).exits(78).says(&["allowed_port"]);
    run(&["--output", "slack"]).exits(64);
    run(&["--since", "2025-11-24T09:00:00Z", "--until", "2025-11-24T08:00:00Z"]).exits(64).says(&["nothing to look at"]);
    run(&["--allow", "nonsense grant"]).exits(78).says(&["`grants.elbs[0]`: expected an address"]);
    place.run(["rule", "run", rule, "-e", "archive:none.sqlite"]).exits(4).says(&["none.sqlite"]);
    place.run(["rule", "run", "absent.wasm", "-e", &edda.url]).exits(2).says(&["absent.wasm"]);
}

#[test]
fn a_rule_that_fails_says_why() {
    let (place, edda, rule) = (Place::new(), open_balancers(0), shipped_rule("non_chef"));
    let rule = rule.to_str().expect("a path");
    let ran = place.run(["rule", "run", rule, "-e", &edda.url]).exits(2);
    ran.says(&["failed, nothing of it counts", "chef_server_url"]);
}

#[test]
fn a_rule_is_measured() {
    let (place, edda, rule) = (Place::new(), open_balancers(3), shipped_rule("elbs"));
    let rule = rule.to_str().expect("a path");
    let ran = place.run(["rule", "bench", rule, "-e", &edda.url, "--runs", "3"]).exits(0);
    for part in ["elbs, 3 runs", "compiling ", "start, compiled ", " at least, ", " median", "calls of the host", "alerts             3"] {
        assert!(ran.stdout.contains(part), "no `{part}` in:\n{}", ran.stdout);
    }
}
