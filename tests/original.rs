//! The whole program against what the original reddalert answered for the same inventory: the same multiset of (rule, id, detail) and the same
//! remembered status, apart from the mended faults, each of which the comparison names.

use serde_json::{Value, json};

use crate::support::{Place, Ran, project, recorded_account};

#[path = "../sdk/rust/tests/original/differences.rs"]
mod differences;

use differences::{Detail, Differences, differences, without_port_open};

const SINCE: u64 = 1_700_000_000_000;
const UNTIL: &str = "1700021600000";
const RULES: [&str; 6] = ["secgroups", "ami", "elbs", "newtag", "missingtag", "iam"];

#[test]
fn a_run_over_one_window_gives_what_the_original_gave() {
    let expected = Differences::from([("New user", 2), ("Q25", 6), ("Q7", 3), ("Q8", 1)]);
    assert_eq!(compared("incremental", SINCE), expected);
}

#[test]
fn a_first_run_gives_what_the_original_gave() {
    let expected = Differences::from([("New user", 2), ("Q25", 6), ("Q7", 7)]);
    assert_eq!(compared("first-run", 0), expected);
}

fn recording(name: &str) -> std::path::PathBuf {
    project().join("tests/data/original/edda-rules").join(name)
}

fn read(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(recording(name)).expect("a recorded file")).expect("JSON")
}

/// Runs the program as the original was run, compares what it remembers, and names the differences in what it found.
fn compared(run: &str, since: u64) -> Differences {
    let place = Place::new();
    place.config(&read("fixtures/config.json"));
    if since > 0 {
        place.write("etc/statusfile.json", read("status-in.json").to_string());
    }
    let edda = recorded_account(&recording("fixtures")).serve();
    let ran = place.run(["-e", &edda.url, "-u", UNTIL, "-o", "jsonl"].iter().chain(&RULES)).exits(0);

    let (status, original) = (place.status(), read(&format!("{run}/status-out.json")));
    for rule in RULES {
        let section = format!("plugin.{rule}");
        let remembered = |status: &Value| status.get(&section).cloned().unwrap_or_else(|| json!({}));
        assert_eq!(remembered(&status), remembered(&original), "{section}");
    }

    let users = read("fixtures/api/v2/aws/iamUsers.json");
    let user = |name: &str| users.as_array().expect("users").iter().find(|user| user["name"] == name).expect("a user").clone();
    differences(details(&ran), details_of_the_original(run), since, &user)
}

fn details(ran: &Ran) -> Vec<Detail> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let of_alert = |alert: &Value| {
        let details = alert["details"].as_array().expect("details").clone();
        let (rule, id) = (text(&alert["plugin_name"]), text(&alert["id"]));
        details.into_iter().map(move |detail| (rule.clone(), id.clone(), without_port_open(detail))).collect::<Vec<_>>()
    };
    ran.alerts().iter().flat_map(of_alert).collect()
}

fn details_of_the_original(run: &str) -> Vec<Detail> {
    let alerts: Vec<(String, String, Vec<Value>)> =
        serde_json::from_value(read(&format!("{run}/alerts-all.json"))).expect("rule, id, details");
    let of_alert = |(rule, id, details): (String, String, Vec<Value>)| {
        details.into_iter().map(move |detail| (rule.clone(), id.clone(), without_port_open(detail)))
    };
    alerts.into_iter().flat_map(of_alert).collect()
}
