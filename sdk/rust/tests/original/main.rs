//! The shipped rules against what the original returned for the same inventory: the same alerts and the same remembered status, apart from
//! the mended faults, each of which is named here.

#![expect(clippy::unwrap_used, reason = "a test")]

mod differences;
mod recording;

use differences::{Differences, differences};
use recording::{Recording, SINCE, UNTIL};
use reddalert_sdk::Window;
use serde_json::Value;

#[test]
fn the_run_over_one_window_gives_what_the_original_gave() {
    let recording = Recording::load("incremental", Window { since: SINCE, until: UNTIL });
    let expected = Differences::from([("New user", 2), ("Q25", 6), ("Q7", 3), ("Q8", 1)]);
    assert_eq!(named(&recording), expected);
}

#[test]
fn the_first_run_gives_what_the_original_gave() {
    let recording = Recording::load("first-run", Window { since: 0, until: UNTIL });
    let expected = Differences::from([("New user", 2), ("Q25", 6), ("Q7", 7)]);
    assert_eq!(named(&recording), expected);
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

fn named(recording: &Recording) -> Differences {
    let ours = recording.run_rules().into_iter().flat_map(|(rule, (alerts, _))| recording::details(rule, alerts)).collect();
    differences(ours, recording.details_of_the_original(), recording.window.since, &recording::user)
}
