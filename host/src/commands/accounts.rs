//! What a rule that has ended means for the status, and the line about it in the summary.

use crate::alert::FoundAlert;
use crate::moment::rfc3339_millis;
use crate::run_report::{Fate, RuleReport};
use crate::runner::Ending;
use crate::sandbox::Outcome;
use crate::status::{EndedRule, FinishedRule, Join, RuleEnd, TakenRule};
use crate::time_window::{EpochMillis, TimeWindow};

/// How many of the things that a rule skipped the summary shows.
const EXAMPLES: usize = 3;
/// How many of the reasons why a rule could not look at everything are told. Each may be a thousand characters long.
const REASONS: usize = 10;

/// Turns an ending into what the status takes in and what the reader is told. `now` is when the host takes the alerts in.
pub(super) fn account_for(ending: Ending, now: EpochMillis) -> (FinishedRule, RuleReport) {
    let Ending { name, window, outcome, known_until, elapsed } = ending;
    let Outcome { result, remembered, skipped, skipped_count, mut incomplete, faults, .. } = outcome;
    let known_until = known_until.unwrap_or_else(|trouble| {
        incomplete.push(trouble);
        None
    });
    let examples = skipped.iter().take(EXAMPLES).map(|skipped| format!("{}: {}", skipped.what, skipped.reason)).collect();
    let mut report = RuleReport { skipped: (skipped_count, examples), faults, elapsed, ..RuleReport::new(window, Fate::Done) };
    let end = match result {
        Err(failure) => {
            report.fate = Fate::Failed(failure.message);
            RuleEnd::Failed
        }
        Ok(findings) => {
            let detected_at = rfc3339_millis(now);
            let alerts = findings.into_iter().map(|finding| FoundAlert::new(&name, finding, window, detected_at.clone())).collect();
            let ended = EndedRule { alerts, remembered, incomplete: !incomplete.is_empty(), known_until };
            if ended.incomplete {
                report.fate = Fate::Incomplete(first_reasons(incomplete));
            }
            RuleEnd::Ended(ended)
        }
    };
    (FinishedRule { name, window, end }, report)
}

/// Each once. The host's own, which is the last, always.
fn first_reasons(mut reasons: Vec<String>) -> Vec<String> {
    let last = reasons.pop();
    let mut first: Vec<String> = Vec::new();
    for reason in last.into_iter().chain(reasons) {
        if !first.contains(&reason) {
            first.push(reason);
        }
    }
    if first.len() > REASONS {
        let more = first.len() - REASONS;
        first.truncate(REASONS);
        first.push(format!("and {more} more"));
    }
    first
}

/// Completes the line with what the status made of it.
pub(super) fn complete(report: &mut RuleReport, taken: &TakenRule, store_until: bool) {
    report.alerts = taken.alerts.len();
    report.repeated = taken.repeated;
    if store_until && matches!(report.fate, Fate::Done) {
        report.progress_note = progress_note(taken, report.window);
    }
}

fn progress_note(taken: &TakenRule, window: TimeWindow) -> Option<String> {
    let at = rfc3339_millis(taken.advance.to);
    match taken.advance.join {
        Join::Gap => Some(format!("progress stays at {at}, because nobody has looked at what lies between that and the window")),
        Join::Passed => Some(format!("progress stays at {at}, which the window does not reach beyond")),
        Join::Joined => {
            (taken.advance.to < window.until).then(|| format!("the inventory is known up to {at} only; what is later comes again"))
        }
    }
}
