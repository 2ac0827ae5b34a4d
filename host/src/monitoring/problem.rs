//! What went wrong in a run, one item a thing, as Sentry groups it.

use super::EndedRun;
use crate::exit_code::Exit;
use crate::run_report::{Fate, RunReport};

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// Which kind of thing, and which one: equal in each run in which it goes wrong.
    pub(super) group: [String; 2],
    /// In words.
    pub(super) message: String,
}

impl Problem {
    fn new(kind: &str, which: &str, message: String) -> Self {
        Self { group: [kind.to_owned(), which.to_owned()], message }
    }
}

/// Everything that went wrong.
pub(super) fn problems(run: &EndedRun<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = run.report.map(of_report).unwrap_or_default();
    if let Some(refusal) = &run.refusal {
        let kind = match run.exit {
            Exit::Settings => "settings",
            Exit::Status => "status",
            Exit::CommandLine => "command-line",
            _ => "internal",
        };
        problems.push(Problem::new(kind, "", refusal.clone()));
    }
    problems
}

fn of_report(report: &RunReport) -> Vec<Problem> {
    let rules = report.rules.iter().filter_map(|(name, rule)| match &rule.fate {
        Fate::Failed(reason) => Some(Problem::new("rule", name.as_str(), format!("rule {name} failed: {reason}"))),
        Fate::Incomplete(reasons) => {
            Some(Problem::new("rule", name.as_str(), format!("rule {name} could not look at everything: {}", reasons.join("; "))))
        }
        Fate::Done | Fate::NothingToDo => None,
    });
    let rejected = report.rejected.iter().map(|reason| Problem::new("not-a-rule", "", format!("not a rule: {reason}")));
    let outputs = report.outputs.iter().filter_map(|(name, output)| {
        let reason = output.trouble.as_ref().or(output.refusal.as_ref()).or(output.notes.first())?;
        Some(Problem::new("output", name, format!("output {name}: {} owed, {} refused: {reason}", output.owed.alerts, output.refused)))
    });
    let inventory = report.inventory_trouble.iter().map(|trouble| Problem::new("inventory", "", format!("inventory: {trouble}")));
    let lock = report.lock_trouble.iter().map(|trouble| Problem::new("lock", "", format!("lock: {trouble}")));
    let outbox = report.outbox_full.iter().map(|reason| Problem::new("outbox", "", format!("outbox: {reason}")));
    let status = report.status_trouble.iter().map(|trouble| Problem::new("status", "", trouble.clone()));
    rules.chain(rejected).chain(lock).chain(outputs).chain(inventory).chain(outbox).chain(status).collect()
}
