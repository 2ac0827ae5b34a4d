//! While rules run: takes in each one that ends, commits now and then, and lets go of what does not end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::accounts::{account_for, complete};
use super::record::Record;
use crate::alert::Alert;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::inventory::Inventory;
use crate::log::Progress;
use crate::recording::{RecordedRule, Recorder};
use crate::rule_name::RuleName;
use crate::run_report::{Fate, RuleReport, RunReport};
use crate::runner::{Ending, Job};
use crate::settings::ConfiguredRule;
use crate::status::{FinishedRule, RuleEnd, RunTerms, TakenRule};
use crate::time_window::{EpochMillis, TimeWindow};

/// While some rules still run, those that have ended are committed this often.
const COMMIT_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked whether the run is to end.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long rules may take to end after they were told to. What hangs longer is left behind; it cannot touch the status.
const GRACE: Duration = Duration::from_secs(3);

/// The rules of a run between their start and their end.
pub(super) struct RulesAtWork<'a> {
    terms: &'a RunTerms,
    record: &'a mut Record,
    report: &'a mut RunReport,
    running: BTreeMap<RuleName, TimeWindow>,
    finished: Vec<FinishedRule>,
    news: Vec<Arc<Alert>>,
    clock: Clock,
}

/// When the alerts of a rule are taken in.
pub(super) enum Clock {
    /// When it has ended, which a recording keeps.
    Now(Option<Arc<Recorder>>),
    /// When it had ended in the recorded run.
    Recorded(BTreeMap<RuleName, EpochMillis>),
}

impl Clock {
    fn ended(&self, rule: &RuleName) -> EpochMillis {
        match self {
            Self::Now(_) => super::now(),
            Self::Recorded(ended) => ended.get(rule).copied().unwrap_or_default(),
        }
    }
}

impl<'a> RulesAtWork<'a> {
    /// Nobody works yet.
    pub(super) fn new(terms: &'a RunTerms, record: &'a mut Record, report: &'a mut RunReport, clock: Clock) -> Self {
        Self { terms, record, report, running: BTreeMap::new(), finished: Vec::new(), news: Vec::new(), clock }
    }

    /// What a rule is to look at.
    pub(super) fn window_of(&self, rule: &RuleName) -> TimeWindow {
        self.terms.window_of(self.record.status(), rule)
    }

    /// What a rule wanted to know again.
    pub(super) fn remembered(&self, rule: &RuleName) -> Map<String, Value> {
        self.record.status().section(rule)
    }

    /// What a recording says of a rule that begins.
    pub(super) fn start_of(&self, rule: &ConfiguredRule, window: TimeWindow) -> RecordedRule {
        RecordedRule {
            name: rule.name.clone(),
            file: rule.file.clone(),
            window,
            settings: rule.settings.as_object().cloned().unwrap_or_default(),
            status: self.record.status().of_rule(&rule.name),
        }
    }

    /// The rule has looked at everything already.
    pub(super) fn has_nothing_to_do(&mut self, rule: RuleName, window: TimeWindow) {
        self.report.rules.insert(rule, RuleReport::new(window, Fate::NothingToDo));
    }

    /// The rule cannot run, or does not end.
    pub(super) fn fails(&mut self, rule: RuleName, window: TimeWindow, why: String) {
        self.report.rules.insert(rule.clone(), RuleReport::new(window, Fate::Failed(why)));
        self.finished.push(FinishedRule { name: rule, window, end: RuleEnd::Failed });
    }

    /// These will end, one by one.
    pub(super) fn expect(&mut self, jobs: &[Job]) {
        self.running.extend(jobs.iter().map(|job| (job.assignment.name.clone(), job.assignment.window)));
    }

    /// Waits until all have ended, and returns the alerts that are news. `end` says when the run is to end before that.
    pub(super) fn watch(
        mut self,
        endings: &Receiver<Ending>,
        inventory: Option<&Arc<Inventory>>,
        end: (&AtomicBool, Option<Instant>),
        progress: &Progress,
    ) -> Result<Vec<Arc<Alert>>, Refusal> {
        let mut last_commit = Instant::now();
        let mut told_to_end: Option<Instant> = None;
        loop {
            match endings.recv_timeout(LOOK_EVERY) {
                Ok(ending) => {
                    self.ends(ending);
                    progress.step();
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if is_to_end(end) {
                if let Some(inventory) = inventory {
                    inventory.stop();
                }
                if told_to_end.get_or_insert_with(Instant::now).elapsed() > GRACE {
                    break;
                }
            }
            if last_commit.elapsed() > COMMIT_EVERY && !self.finished.is_empty() {
                let finished = self.take_finished();
                let taken = self.record.commit(self.terms, finished).or_exit(Exit::Status)?;
                self.complete(taken);
                last_commit = Instant::now();
            }
        }
        for (rule, window) in std::mem::take(&mut self.running) {
            self.fails(rule, window, "it did not end when the run was told to".to_owned());
        }
        let finished = self.take_finished();
        let taken = self.record.conclude(self.terms, finished).or_exit(Exit::Status)?;
        self.complete(taken);
        Ok(self.news)
    }

    fn ends(&mut self, ending: Ending) {
        self.running.remove(&ending.name);
        let ended_at = self.clock.ended(&ending.name);
        if let Clock::Now(Some(recorder)) = &self.clock {
            recorder.ended(&ending.name, ended_at);
        }
        let (finished, report) = account_for(ending, ended_at);
        self.report.rules.insert(finished.name.clone(), report);
        self.finished.push(finished);
    }

    /// Sorted, so that the order of alerts does not depend on which rule was faster.
    fn take_finished(&mut self) -> Vec<FinishedRule> {
        let mut finished = std::mem::take(&mut self.finished);
        finished.sort_by(|one, other| one.name.cmp(&other.name));
        finished
    }

    fn complete(&mut self, taken: Vec<TakenRule>) {
        for rule in taken {
            if let Some(report) = self.report.rules.get_mut(&rule.name) {
                complete(report, &rule, self.terms.store_until);
            }
            self.news.extend(rule.alerts);
        }
    }
}

fn is_to_end((stop, ends_at): (&AtomicBool, Option<Instant>)) -> bool {
    stop.load(Ordering::Relaxed) || ends_at.is_some_and(|end| Instant::now() >= end)
}
