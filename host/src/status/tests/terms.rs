//! Window, progress, `since` and accepted alerts over several runs: each sentence of the rules as a test.

use super::super::{Advance, Join, RuleEnd, RunTerms, StatusFile, TakenRule};
use super::{EndedRule, ended, ended_with, failed, remembered, rule, terms};
use crate::time_window::{EpochMillis, TimeWindow};

/// The status after a first run of `ami` and `iam` up to 100.
fn settled() -> StatusFile {
    let mut status = StatusFile::default();
    let first = terms(100);
    for name in ["ami", "iam"] {
        let finished = ended(&status, &first, name, &[]);
        status.take_in(&first, finished);
    }
    status.conclude(&first);
    status
}

fn known_until(moment: EpochMillis) -> impl FnOnce(&mut EndedRule) {
    move |ended| ended.known_until = Some(moment)
}

/// One run of `ami`. Returns the ids that are news.
fn run_ami(status: &mut StatusFile, terms: &RunTerms, ids: &[&str], change: impl FnOnce(&mut EndedRule)) -> Vec<String> {
    let finished = ended_with(status, terms, "ami", ids, change);
    let taken = status.take_in(terms, finished);
    status.conclude(terms);
    ids_of(&taken)
}

fn ids_of(taken: &TakenRule) -> Vec<String> {
    taken.alerts.iter().map(|alert| alert.id.clone()).collect()
}

fn progress(status: &StatusFile, name: &str) -> EpochMillis {
    status.progress_of(&rule(name))
}

#[test]
fn since_is_the_operators_else_the_rules_progress_else_the_files_else_zero() {
    let ami = rule("ami");
    assert_eq!(terms(100).window_of(&StatusFile::default(), &ami), TimeWindow { since: 0, until: 100 });
    let mut status = settled();
    assert_eq!(terms(200).window_of(&status, &ami), TimeWindow { since: 100, until: 200 });
    run_ami(&mut status, &terms(200), &[], known_until(150));
    assert_eq!(terms(300).window_of(&status, &ami), TimeWindow { since: 150, until: 300 });
    assert_eq!(terms(300).window_of(&status, &rule("new")), TimeWindow { since: 200, until: 300 });
    let asked = RunTerms { since: Some(5), ..terms(300) };
    assert_eq!(asked.window_of(&status, &ami), TimeWindow { since: 5, until: 300 });
    assert!(terms(150).window_of(&status, &ami).is_empty(), "nothing to do");
}

#[test]
fn progress_becomes_what_is_known_of_the_collections_that_were_asked() {
    for (known, expected) in [(Some(150), 150), (Some(200), 200), (Some(999), 200), (Some(20), 100), (None, 200)] {
        let mut status = settled();
        run_ami(&mut status, &terms(200), &[], |ended| ended.known_until = known);
        assert_eq!(progress(&status, "ami"), expected, "known until {known:?}");
        assert!(status.own.accepted.is_empty(), "nothing was found, so nothing is kept");
    }
}

#[test]
fn a_failed_rule_keeps_everything_and_since_moves_past_it() {
    let mut status = settled();
    run_ami(&mut status, &terms(150), &["i-1"], |ended| {
        ended.remembered = remembered("before");
        ended.known_until = Some(120);
    });
    let terms = terms(200);
    let finished = failed(&status, &terms, "ami");
    let taken = status.take_in(&terms, finished);
    status.conclude(&terms);
    assert_eq!(taken.advance, Advance { from: 120, to: 120, join: Join::Joined });
    assert_eq!((progress(&status, "ami"), status.since()), (120, 200));
    assert_eq!(status.section(&rule("ami")), remembered("before"));
    assert!(run_ami(&mut status, &super::terms(300), &["i-1"], |_| ()).is_empty(), "accepted before the failure, so not news");
}

#[test]
fn an_incomplete_rule_keeps_its_progress_and_its_status_counts() {
    let mut status = settled();
    let news = run_ami(&mut status, &terms(200), &["i-1"], |ended| {
        ended.incomplete = true;
        ended.remembered = remembered("half");
    });
    assert_eq!((news, progress(&status, "ami")), (vec!["i-1".to_owned()], 100));
    assert_eq!(status.section(&rule("ami")), remembered("half"));
    assert_eq!(run_ami(&mut status, &terms(300), &["i-1", "i-2"], |_| ()), ["i-2"], "the other half");
}

#[test]
fn accepted_alerts_are_forgotten_when_progress_is_at_the_end_of_their_window() {
    let mut status = settled();
    run_ami(&mut status, &terms(200), &["i-1"], known_until(150));
    assert!(run_ami(&mut status, &terms(250), &["i-1"], known_until(199)).is_empty());
    assert!(run_ami(&mut status, &terms(300), &["i-1"], known_until(200)).is_empty(), "open until this run");
    assert_eq!(run_ami(&mut status, &terms(400), &["i-1"], |_| ()), ["i-1"], "it happened again");
    assert!(status.own.accepted.is_empty());
}

#[test]
fn a_repeated_alert_does_not_hide_the_next_time_it_happens() {
    let mut status = settled();
    run_ami(&mut status, &terms(200), &["i-1"], known_until(150));
    // Seen again, together with one of the part that stays open now; only the new one belongs to this run.
    assert_eq!(run_ami(&mut status, &terms(300), &["i-1", "i-2"], known_until(250)), ["i-2"]);
    assert_eq!(run_ami(&mut status, &terms(400), &["i-1", "i-2"], |_| ()), ["i-1"]);
}

#[test]
fn nothing_is_kept_of_a_window_that_was_closed() {
    let mut status = settled();
    run_ami(&mut status, &terms(200), &["i-1"], |_| ());
    assert!(status.own.accepted.is_empty());
    let past = RunTerms { since: Some(0), ..terms(150) };
    assert_eq!(run_ami(&mut status, &past, &["i-1"], |ended| ended.incomplete = true), ["i-1"], "the operator wants to see it again");
    assert!(status.own.accepted.is_empty());
    assert_eq!((progress(&status, "ami"), status.since()), (200, 200), "forward only");
}

#[test]
fn equal_alerts_are_one_and_the_order_is_the_rules() {
    let mut status = settled();
    run_ami(&mut status, &terms(150), &["i-9"], |ended| ended.incomplete = true);
    let terms = terms(200);
    let finished = ended(&status, &terms, "ami", &["i-2", "i-9", "i-1", "i-2", "i-9"]);
    let taken = status.take_in(&terms, finished);
    assert_eq!((ids_of(&taken), taken.repeated), (vec!["i-2".to_owned(), "i-1".to_owned()], 1));
}

#[test]
fn accepted_alerts_of_one_rule_are_not_those_of_another() {
    let mut status = settled();
    run_ami(&mut status, &terms(200), &["i-1"], |ended| ended.incomplete = true);
    let finished = ended(&status, &terms(200), "iam", &["i-1"]);
    assert_eq!(ids_of(&status.take_in(&terms(200), finished)), ["i-1"]);
}

#[test]
fn a_window_behind_a_gap_is_reported_once_and_progress_waits() {
    let mut status = settled();
    let gap = RunTerms { since: Some(150), ..terms(200) };
    let finished = ended(&status, &gap, "ami", &["i-1"]);
    let taken = status.take_in(&gap, finished);
    status.conclude(&gap);
    assert_eq!((ids_of(&taken), taken.advance), (vec!["i-1".to_owned()], Advance { from: 100, to: 100, join: Join::Gap }));
    assert_eq!(run_ami(&mut status, &terms(300), &["i-0", "i-1"], |_| ()), ["i-0"], "the gap, without what was reported");
    assert_eq!(progress(&status, "ami"), 300);
}

#[test]
fn an_earlier_since_joins_and_its_alerts_are_reported_again() {
    let mut status = settled();
    let earlier = RunTerms { since: Some(0), ..terms(200) };
    assert_eq!(run_ami(&mut status, &earlier, &["i-1"], |_| ()), ["i-1"]);
    assert_eq!(progress(&status, "ami"), 200);
}

#[test]
fn every_known_rule_gets_progress_before_since_moves() {
    let mut status = settled();
    let terms = RunTerms { known_rules: [rule("ami"), rule("iam"), rule("new"), rule("broken")].into(), ..terms(200) };
    let finished = ended(&status, &terms, "ami", &[]);
    status.take_in(&terms, finished);
    status.conclude(&terms);
    assert_eq!(status.since(), 200);
    let all = ["ami", "iam", "new", "broken", "never-seen"].map(|name| progress(&status, name));
    assert_eq!(all, [200, 100, 100, 100, 200]);
}

#[test]
fn a_run_of_named_rules_leaves_since() {
    let mut status = settled();
    let narrowed = RunTerms { narrowed: true, since: Some(0), known_rules: [rule("ami"), rule("new")].into(), ..terms(200) };
    run_ami(&mut status, &narrowed, &[], |_| ());
    assert_eq!((progress(&status, "ami"), status.since()), (200, 100));
    assert_eq!(status.own.progress.get(&rule("new")).map(|moment| moment.0), Some(100), "as without --since");
}

#[test]
fn without_store_until_only_the_section_is_kept_and_each_run_reports_its_whole_window() {
    let mut status = settled();
    run_ami(&mut status, &terms(150), &["i-1"], |ended| ended.incomplete = true);
    let before = (status.own.clone(), status.since());
    let untouched = RunTerms { store_until: false, known_rules: [rule("new")].into(), ..terms(200) };
    for _ in 0..2 {
        let news = run_ami(&mut status, &untouched, &["i-1", "i-2"], |ended| {
            ended.incomplete = true;
            ended.remembered = remembered("now");
        });
        assert_eq!(news, ["i-1", "i-2"]);
    }
    assert_eq!((status.own.clone(), status.since()), before);
    assert_eq!(status.section(&rule("ami")), remembered("now"));
    let complete = ended(&status, &untouched, "ami", &[]);
    assert_eq!(status.take_in(&untouched, complete).advance, Advance { from: 100, to: 100, join: Join::Joined });
}

#[test]
fn a_rule_that_failed_has_no_alerts() {
    let mut status = settled();
    let finished = failed(&status, &terms(200), "ami");
    assert!(matches!(finished.end, RuleEnd::Failed));
    let taken = status.take_in(&terms(200), finished);
    assert!(taken.alerts.is_empty() && taken.repeated == 0);
}
