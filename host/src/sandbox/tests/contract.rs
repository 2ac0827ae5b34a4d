//! What the contract in `wit/` promises, as a guest meets it.

use serde_json::{Value, json};

use super::{SANDBOX, assignment, load, run};
use crate::alert::{Detail, Severity};
use crate::sandbox::{FailureKind, Outcome, Skipped};
use crate::settings::Limits;

fn with_settings(name: &str, settings: &str) -> Outcome {
    let mut assignment = assignment(Limits::default());
    assignment.settings = settings.into();
    assignment.remembered.insert("before".into(), json!(true));
    run(name, assignment)
}

fn failure(outcome: &Outcome) -> (FailureKind, &str) {
    let failure = outcome.result.as_ref().expect_err("the rule did not fail");
    (failure.kind, &failure.message)
}

#[test]
fn everything_that_a_rule_says_arrives() {
    let outcome = with_settings("reports", "{}");
    let findings = outcome.result.expect("the rule is well behaved");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].id, "i-1");
    let denial = r#"rule hostile asked for tcp://127.0.0.1:22, which is not granted; to allow it, add to the config: "grants.hostile": ["tcp://127.0.0.1:22"]"#;
    assert_eq!(findings[0].details, [Detail::Text(denial.into()), Detail::Text("[1]".into())]);
    assert_eq!(findings[0].severity, Some(Severity::High), "the wall clock stands at the end of the window");
    assert_eq!(outcome.skipped, [Skipped { what: "i-1".into(), reason: "key".into() }]);
    assert_eq!((outcome.skipped_count, outcome.incomplete.as_slice()), (1, ["key".to_owned()].as_slice()));
    assert_eq!(Value::Object(outcome.remembered), json!({"before": true, "key": [1]}));
    assert!(outcome.faults[0].starts_with("1 `fields` details are no JSON object"), "{:?}", outcome.faults);
    assert_eq!(outcome.usage.host_calls, 4);
}

#[test]
fn a_rule_that_fails_leaves_the_status_as_it_was() {
    let outcome = with_settings("reports", r#"{"fail": true}"#);
    assert_eq!(failure(&outcome), (FailureKind::Error, "127.0.0.1"));
    assert_eq!(Value::Object(outcome.remembered), json!({"before": true}));
}

#[test]
fn init_depends_on_the_settings_alone() {
    let outcome = with_settings("asks_in_init", "{}");
    assert_eq!(failure(&outcome), (FailureKind::Error, "in `init`: the inventory is there in `run` only"));
    let outcome = with_settings("asks_in_init", "{ }");
    assert_eq!(failure(&outcome), (FailureKind::Error, "in `init`: writing to the status is there in `run` only"));
    assert_eq!(Value::Object(outcome.remembered), json!({"before": true}));
}

#[test]
fn settings_are_tried_without_running_the_rule() {
    let initialize = |name| SANDBOX.initialize(&load(name), assignment(Limits::default()));
    assert_eq!(initialize("endless"), Ok(()));
    let failure = initialize("asks_in_init").expect_err("`init` fails");
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Error, "in `init`: the inventory is there in `run` only"));
}

#[test]
fn an_inventory_that_is_down_is_an_answer_and_is_asked_for() {
    let outcome = run("asks", assignment(Limits::default()));
    assert!(outcome.result.is_ok(), "{:?}", outcome.result);
    assert_eq!(outcome.collections.len(), 1, "progress depends on it all the same");
}

#[test]
fn user_data_is_read_by_no_rule_without_a_manifest() {
    let outcome = run("asks_secrets", assignment(Limits::default()));
    let denial = "rule hostile may not read `aws.launchConfigurations`, which holds the user data of machines: \
                  only a rule whose manifest lists it in `collections` may";
    assert_eq!(failure(&outcome), (FailureKind::Error, denial));
}

#[test]
fn the_last_words_of_a_panic_come_first() {
    let outcome = run("panics", assignment(Limits::default()));
    let (kind, message) = failure(&outcome);
    assert_eq!(kind, FailureKind::Panicked);
    assert!(message.ends_with("thread 'main' panicked at src/lib.rs:7:5:\nno \\u001b[31mred\nrule hostile panicked"), "{message:?}");
    assert!(message.len() < 10_000, "{} bytes", message.len());
}

#[test]
fn every_other_end_has_its_words() {
    let ends = [
        (
            "gives_up",
            "rule hostile in `init` gave up without a word (`unreachable`: a panic, an abort or an exception that was not caught)",
        ),
        ("exits", "rule hostile ended itself with exit status 1; a rule returns from `run` instead"),
        ("nonsense", "rule hostile did what the contract does not allow: invalid expected discriminant"),
    ];
    for (name, message) in ends {
        assert_eq!(failure(&run(name, assignment(Limits::default()))), (FailureKind::Trapped, message), "{name}");
    }
    let nameless = run("no_id", assignment(Limits::default()));
    assert!(nameless.result.is_ok() && nameless.faults[0].starts_with("1 alerts have an empty id"), "{:?}", nameless.faults);
}

#[test]
fn what_a_rule_imports_is_known_without_running_it() {
    let rule = load("endless");
    assert!(rule.imports().iter().any(|name| name == "reddalert:rule/edda@1.0.0"), "{:?}", rule.imports());
    assert_eq!(rule.digest().len(), 64);
}
