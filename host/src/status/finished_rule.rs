//! What the status makes of a rule that has ended: which alerts are news, what is remembered, and how far the rule has looked. Nothing
//! here touches the disk.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::accepted::{self, Accepted, sift};
use super::own_key::Moment;
use super::progress::Advance;
use super::status_file::StatusFile;
use crate::alert::{Alert, FoundAlert};
use crate::json_value;
use crate::rule_name::RuleName;
use crate::settings::Subscriber;
use crate::time_window::{EpochMillis, TimeWindow};

/// What holds for all rules of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunTerms {
    /// `--since`.
    pub since: Option<EpochMillis>,
    /// The end of every window; see [`super::run_end`].
    pub until: EpochMillis,
    /// False: progress, `since` and what was accepted stay as they are, and every alert of the window is news.
    pub store_until: bool,
    /// Only the rules that the operator named were run.
    pub narrowed: bool,
    /// Every rule that was found, whether or not it was run or could be loaded. One that is left out here would lose the time up to
    /// `until` when it runs for the first time.
    pub known_rules: BTreeSet<RuleName>,
    /// Whom new alerts are owed to, if they want them. Empty with `--learn`: then alerts are taken in and nobody gets them.
    pub outputs: Vec<Subscriber>,
}

impl RunTerms {
    /// What `rule` looks at. Empty when it has already got to the end of the run.
    pub fn window_of(&self, status: &StatusFile, rule: &RuleName) -> TimeWindow {
        TimeWindow { since: self.since.unwrap_or_else(|| status.progress_of(rule)), until: self.until }
    }
}

/// What the status holds about one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleStatus {
    /// Up to when it has looked.
    progress: Moment,
    /// What was taken in from a part of time that is still open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<Accepted>,
    /// What it wanted to know again.
    #[serde(deserialize_with = "json_value::object")]
    pub remembered: Map<String, Value>,
}

impl RuleStatus {
    /// Of a rule that is to look for the first time, and only at what comes from then on.
    pub fn begun_at(moment: EpochMillis) -> Self {
        Self { progress: Moment(moment), accepted: Vec::new(), remembered: Map::new() }
    }
}

impl StatusFile {
    /// All that is kept about one rule.
    pub fn of_rule(&self, rule: &RuleName) -> RuleStatus {
        RuleStatus {
            progress: Moment(self.progress_of(rule)),
            accepted: self.own.accepted.get(rule).cloned().unwrap_or_default(),
            remembered: self.section(rule),
        }
    }

    /// Replaces all that is kept about one rule.
    pub fn set_rule(&mut self, rule: &RuleName, status: RuleStatus) {
        let RuleStatus { progress, accepted, remembered } = status;
        self.own.progress.insert(rule.clone(), progress);
        if accepted.is_empty() {
            self.own.accepted.remove(rule);
        } else {
            self.own.accepted.insert(rule.clone(), accepted);
        }
        self.set_section(rule, remembered);
    }
}

/// A rule that is done for this run, one way or the other.
#[derive(Clone, Debug)]
pub struct FinishedRule {
    /// Which.
    pub name: RuleName,
    /// What it looked at.
    pub window: TimeWindow,
    /// How it went.
    pub end: RuleEnd,
}

/// How a rule ended.
#[derive(Clone, Debug)]
pub enum RuleEnd {
    /// It returned its alerts.
    Ended(EndedRule),
    /// It failed or was stopped. Its status and progress stay as they were.
    Failed,
}

/// What a rule that ended well leaves behind.
#[derive(Clone, Debug)]
pub struct EndedRule {
    /// In the order given.
    pub alerts: Vec<FoundAlert>,
    /// Its whole section of the status.
    pub remembered: Map<String, Value>,
    /// A part could not be looked at: progress stays.
    pub incomplete: bool,
    /// The smallest `known_until` of the collections that it asked for, `context` left aside. None: it asked for nothing.
    pub known_until: Option<EpochMillis>,
}

/// What became of a finished rule.
#[derive(Clone, Debug)]
pub struct TakenRule {
    /// Which.
    pub name: RuleName,
    /// The alerts that are news, in the rule's order. Equal ones are one.
    pub alerts: Vec<Arc<Alert>>,
    /// How many alerts are left out because an earlier run took them in.
    pub repeated: usize,
    /// How far the rule has looked. With `store_until` false it stays where it was.
    pub advance: Advance,
}

impl StatusFile {
    /// Takes in what a rule left behind. To be called once a run for each rule.
    pub fn take_in(&mut self, terms: &RunTerms, finished: FinishedRule) -> TakenRule {
        let FinishedRule { name, window, end } = finished;
        let progress = self.progress_of(&name);
        let RuleEnd::Ended(ended) = end else {
            return TakenRule { name, alerts: Vec::new(), repeated: 0, advance: Advance::of(progress, window, None) };
        };
        let looked_until = (terms.store_until && !ended.incomplete).then(|| ended.known_until.unwrap_or(window.until));
        let advance = Advance::of(progress, window, looked_until);
        self.set_section(&name, ended.remembered);
        let known = if terms.store_until { self.own.accepted.get(&name).map_or(&[][..], Vec::as_slice) } else { &[] };
        let sifted = sift(ended.alerts, known);
        if terms.store_until {
            self.advance(&name, advance, window, sifted.hashes);
        }
        TakenRule { name, alerts: sifted.new.into_iter().map(Arc::new).collect(), repeated: sifted.repeated, advance }
    }

    fn advance(&mut self, rule: &RuleName, advance: Advance, window: TimeWindow, hashes: BTreeSet<String>) {
        self.own.progress.insert(rule.clone(), Moment(advance.to));
        let entries = self.own.accepted.entry(rule.clone()).or_default();
        accepted::after_run(entries, advance, window, hashes);
        if entries.is_empty() {
            self.own.accepted.remove(rule);
        }
    }

    /// Ends the run: every known rule gets progress of its own, and only then `since` may move, which is where the others begin.
    pub fn conclude(&mut self, terms: &RunTerms) {
        if !terms.store_until {
            return;
        }
        for rule in &terms.known_rules {
            let progress = Moment(self.progress_of(rule));
            self.own.progress.entry(rule.clone()).or_insert(progress);
        }
        if !terms.narrowed {
            self.move_since(terms.until);
        }
    }
}
