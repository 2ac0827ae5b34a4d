//! Runs to be told of.

use std::collections::BTreeMap;

use super::EndedRun;
use crate::exit_code::Exit;
use crate::run_report::{Fate, OutputReport, RuleReport, RunReport};
use crate::time_window::TimeWindow;

pub(super) fn ended(exit: Exit, report: Option<&RunReport>) -> EndedRun<'_> {
    EndedRun { exit, report, refusal: None, began: 1_700_000_000_000, ended: 1_700_000_002_500, narrowed: false }
}

/// One rule with three alerts, one output that took them.
pub(super) fn report(fate: Fate) -> RunReport {
    let rule = RuleReport { alerts: 3, ..RuleReport::new(TimeWindow { since: 0, until: 1 }, fate) };
    RunReport {
        rules: BTreeMap::from([("iam".parse().expect("a rule name"), rule)]),
        outputs: BTreeMap::from([("mail".to_owned(), OutputReport { delivered: 3, ..OutputReport::default() })]),
        known_until: BTreeMap::from([("aws.iamUsers".to_owned(), 1_700_000_000_000)]),
        ..RunReport::default()
    }
}
