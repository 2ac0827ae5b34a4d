//! Rules in C, Go and Rust, as components that `reddalert rule package` made: what arrives outside. `make test-c`, `make test-go` and
//! `make example-rust` build them; a test that finds one missing says so and is counted as skipped.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Account, Place, Ran, project, skipped};

const LANGUAGES: [&str; 3] = ["c", "go", "rust"];
/// When all machines were launched.
const LAUNCHED: u64 = 1_763_973_000_000;

/// The rule directory with the example of a language; none when it was not built, which is then said.
fn example(test: &str, language: &str) -> Option<PathBuf> {
    let directory = project().join("target/examples").join(language);
    if !directory.join("public_without_owner.wasm").exists() {
        skipped(test, &format!("{} is missing; `make example-{language}` builds it", directory.display()));
        return None;
    }
    Some(directory)
}

fn machine(id: &str, tags: &Value) -> Value {
    json!({
        "instanceId": id, "launchTime": LAUNCHED, "publicIpAddress": "198.51.100.7", "imageId": "x".repeat(3000),
        "placement": {"availabilityZone": "eu-west-1a"}, "tags": tags,
    })
}

fn run(place: &Place, directory: &std::path::Path, machines: Vec<Value>, settings: &Value) -> Ran {
    place.config(&json!({"stale-after": "never", "plugin.public_without_owner": settings}));
    let edda = Account::empty().with("view/instances", Value::Array(machines)).serve();
    let rules = directory.to_string_lossy().into_owned();
    place.run(["-o", "jsonl", "--log-format", "human", "--since", "0", "--edda", &edda.url, "--plugins", &rules, "public_without_owner"])
}

/// Alerts without what differs from run to run.
fn lasting(ran: &Ran) -> Vec<Value> {
    let mut alerts = ran.alerts();
    for alert in &mut alerts {
        // The id of an alert holds the end of the window.
        for key in ["alert_id", "detected_at", "until"] {
            alert[key] = Value::Null;
        }
    }
    alerts
}

#[test]
fn the_example_in_c_go_and_rust_finds_the_same() {
    let machines = vec![
        machine("i-1", &json!([{"key": "Name", "value": "grüße 🚨"}, {"key": "Environment", "value": "TEST"}, {"key": "A", "value": 5}])),
        machine("i-2", &json!([{"key": "OWNER", "value": "web"}])),
        machine("i-3", &json!([{"key": "owner", "value": " "}])),
        machine("i-1", &json!([{"key": "owner", "value": "older"}])),
        machine("i-4", &json!(null)),
        json!({"launchTime": LAUNCHED}),
        json!("i-5"),
    ];
    let mut found = Vec::new();
    for language in LANGUAGES {
        let Some(directory) = example("the_example_in_c_go_and_rust_finds_the_same", language) else { continue };
        let ran = run(&Place::new(), &directory, machines.clone(), &json!({"ignore": ["i-4"]})).exits(0);
        found.push(lasting(&ran));
        ran.says(&["2 skipped"]);
    }
    let Some(first) = found.first() else { return };
    assert_eq!(
        first.iter().map(|alert| (&alert["id"], &alert["severity"])).collect::<Vec<_>>(),
        [(&json!("i-1"), &json!("low")), (&json!("i-3"), &json!("high"))]
    );
    assert_eq!(first[0]["details"][0]["tags"], json!({"Environment": "TEST", "Name": "grüße 🚨"}));
    assert!(found.iter().all(|alerts| alerts == first), "{found:#?}");
}

/// A collector that runs while the host hands over a page may not call the host: this many documents find that out.
#[test]
fn ten_thousand_documents_are_read_with_little_memory() {
    let machines: Vec<Value> =
        (0..10_000).map(|number| machine(&format!("i-{number}"), &json!([{"key": "owner", "value": "web"}]))).collect();
    for language in LANGUAGES {
        let Some(directory) = example("ten_thousand_documents_are_read_with_little_memory", language) else { continue };
        let mut machines = machines.clone();
        machines.push(machine("i-last", &json!([])));
        let ran = run(&Place::new(), &directory, machines, &json!({})).exits(0);
        assert_eq!(lasting(&ran).iter().map(|alert| &alert["id"]).collect::<Vec<_>>(), ["i-last"]);
    }
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    for language in LANGUAGES {
        let Some(directory) = example("an_unknown_setting_is_refused_by_name", language) else { continue };
        run(&Place::new(), &directory, Vec::new(), &json!({"owners": 5})).exits(78).says(&["owners"]);
    }
}
