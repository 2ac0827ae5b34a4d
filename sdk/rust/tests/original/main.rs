//! The shipped rules against what the original returned for the same inventory: the same alerts and the same remembered status, apart from
//! the mended faults, each of which is named here.

#![expect(clippy::unwrap_used, reason = "a test")]

mod recording;

use std::collections::BTreeMap;

use recording::{Detail, Recording, SINCE, UNTIL};
use reddalert_sdk::Window;
use serde_json::Value;

/// How often a mended fault shows.
type Differences = BTreeMap<&'static str, usize>;

#[test]
fn the_run_over_one_window_gives_what_the_original_gave() {
    let recording = Recording::load("incremental", Window { since: SINCE, until: UNTIL });
    let expected = Differences::from([("New user", 2), ("Q25", 6), ("Q7", 3), ("Q8", 1)]);
    assert_eq!(differences(&recording), expected);
}

#[test]
fn the_first_run_gives_what_the_original_gave() {
    let recording = Recording::load("first-run", Window { since: 0, until: UNTIL });
    let expected = Differences::from([("New user", 2), ("Q25", 6), ("Q7", 7)]);
    assert_eq!(differences(&recording), expected);
}

#[test]
fn the_rules_remember_what_the_original_remembered() {
    for (run, since) in [("incremental", SINCE), ("first-run", 0)] {
        let recording = Recording::load(run, Window { since, until: UNTIL });
        for (rule, (_, remembered)) in recording.run_rules() {
            let theirs = recording.remembered_by_the_original(rule);
            // Q7: a machine of the next window does not count as seen. Here its AMIs are known by other machines too.
            assert_eq!(Value::Object(remembered), theirs, "{run} {rule}");
        }
    }
}

/// Q25: what got a comma, and what was told before, is no addition. The groups that are.
const ADDED_TO: [(&str, &str); 6] = [
    ("user0001", "devops"),
    ("user0002", ""),
    ("user0006", "developers, devops"),
    ("user0009.dotted-name", "developers, devops"),
    ("user0018", "developers"),
    ("user0021", "developers"),
];

/// Names each difference; panics at one that has no name.
fn differences(recording: &Recording) -> Differences {
    let mut ours: Vec<Detail> =
        recording.run_rules().into_iter().flat_map(|(rule, (alerts, _))| recording::details(rule, alerts)).collect();
    let mut theirs = recording.details_of_the_original();
    theirs.retain(|detail| {
        let same = ours.iter().position(|our| our == detail);
        same.map(|index| ours.swap_remove(index)).is_none()
    });
    let mut found = Differences::new();
    for detail in theirs {
        *found.entry(only_theirs(&detail, &mut ours)).or_default() += 1;
    }
    for (rule, id, detail) in ours {
        assert!(rule == "missingtag" && detail["started"] == recording.window.since, "only we have {rule} {id} {detail}");
        *found.entry("Q8").or_default() += 1;
    }
    found
}

/// Why only the original has the detail. Takes ours that stands in its place.
fn only_theirs((rule, id, detail): &Detail, ours: &mut Vec<Detail>) -> &'static str {
    if detail["started"].as_u64().is_some_and(|started| started >= UNTIL) {
        return "Q7";
    }
    assert_eq!(rule, "iam", "only the original has {id} {detail}");
    let our_index = ours.iter().position(|(rule, our_id, _)| rule == "iam" && our_id == id);
    let our_text = our_index.map(|index| ours.swap_remove(index).2).unwrap_or_default();
    let our_text = our_text.as_str().unwrap_or_default();
    if let Some(document) = our_text.strip_prefix("New user has been added: ") {
        assert!(detail.as_str().unwrap().starts_with("New user has been added: {   u'"));
        assert_eq!(document, format!("{:#}", recording::user(id)));
        return "New user";
    }
    let groups = our_text.strip_prefix("Groups the user has been added to: ").unwrap_or_default();
    assert!(ADDED_TO.contains(&(id, groups)), "{id}: {our_text}, where the original has {detail}");
    "Q25"
}
