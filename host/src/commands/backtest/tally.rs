//! What came of virtual runs: which alerts when, and the totals of each rule.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::instants::Instants;
use super::virtual_runs::VirtualEnd;
use crate::exit_code::Exit;
use crate::moment::rfc3339_millis;
use crate::rule_name::RuleName;
use crate::settings::values::duration_text;
use crate::time_window::EpochMillis;
use crate::visible_text::visible;

/// One rule, all runs together.
#[derive(Debug, Default)]
pub(super) struct RuleTally {
    /// How often it ran.
    pub(super) runs: usize,
    /// The ids of its alerts by the end of the run that found them.
    pub(super) alerts: BTreeMap<EpochMillis, Vec<String>>,
    /// In how many runs it failed, or could not look at everything.
    pub(super) failures: usize,
    first_trouble: Option<String>,
}

impl RuleTally {
    /// How many alerts there were.
    pub(super) fn count(&self) -> usize {
        self.alerts.values().map(Vec::len).sum()
    }

    /// How many things they were about.
    pub(super) fn distinct(&self) -> usize {
        self.alerts.values().flatten().collect::<BTreeSet<_>>().len()
    }

    fn add(&mut self, until: EpochMillis, end: VirtualEnd) {
        self.runs += 1;
        if !end.alerts.is_empty() {
            self.alerts.insert(until, end.alerts.iter().map(|alert| alert.id.clone()).collect());
        }
        self.note(until, end.trouble);
    }

    fn note(&mut self, until: EpochMillis, trouble: Option<String>) {
        if let Some(trouble) = trouble {
            self.failures += 1;
            self.first_trouble.get_or_insert_with(|| format!("at {}: {trouble}", rfc3339_millis(until)));
        }
    }
}

/// All rules.
pub(super) struct Tally {
    /// When the runs ended.
    pub(super) instants: Instants,
    /// By name.
    pub(super) rules: BTreeMap<RuleName, RuleTally>,
    /// The user has seen enough.
    pub(super) is_stopped: bool,
}

impl Tally {
    /// Nothing has run yet.
    pub(super) fn new(instants: Instants, rules: Vec<RuleName>) -> Self {
        Self { instants, rules: rules.into_iter().map(|rule| (rule, RuleTally::default())).collect(), is_stopped: false }
    }

    /// What rules found in the run that they learn from is no news; that they failed is.
    pub(super) fn learned(&mut self, ended: Vec<VirtualEnd>) {
        let from = self.instants.from;
        for end in ended {
            self.rules.entry(end.rule).or_default().note(from, end.trouble);
        }
    }

    /// Takes in the run that ended at `until`.
    pub(super) fn add(&mut self, until: EpochMillis, ended: Vec<VirtualEnd>) {
        for end in ended {
            self.rules.entry(end.rule.clone()).or_default().add(until, end);
        }
    }

    /// The rest is not run.
    pub(super) fn stopped(&mut self) {
        self.is_stopped = true;
    }

    /// The first trouble of each rule that had any.
    pub(super) fn troubles(&self) -> impl Iterator<Item = String> {
        self.rules.iter().filter_map(|(rule, tally)| {
            let first = tally.first_trouble.as_ref()?;
            Some(format!("rule {rule} failed, or could not look at everything, in {} runs, first {}", tally.failures, visible(first)))
        })
    }

    /// 2 if a rule failed.
    pub(super) fn exit(&self) -> Exit {
        if self.rules.values().any(|tally| tally.failures > 0) { Exit::RuleFailed } else { Exit::Done }
    }

    /// For programs: runs without alerts are left out.
    pub(super) fn as_json(&self) -> String {
        let mut instants: BTreeMap<EpochMillis, serde_json::Map<String, Value>> = BTreeMap::new();
        for (rule, tally) in &self.rules {
            for (until, ids) in &tally.alerts {
                instants.entry(*until).or_default().insert(rule.to_string(), json!(ids));
            }
        }
        let instants: Vec<Value> =
            instants.into_iter().map(|(until, alerts)| json!({"until": rfc3339_millis(until), "alerts": alerts})).collect();
        let totals: BTreeMap<&str, Value> = self.rules.iter().map(|(rule, tally)| (rule.as_str(), total(tally))).collect();
        let Instants { from, ends, every } = &self.instants;
        let output = json!({
            "from": rfc3339_millis(*from),
            "to": rfc3339_millis(*ends.last().unwrap_or(from)),
            "every": duration_text(*every),
            "runs": ends.len(),
            "stopped": self.is_stopped,
            "instants": instants,
            "rules": totals,
        });
        format!("{output:#}\n")
    }
}

fn total(tally: &RuleTally) -> Value {
    let moment = |moment: Option<&EpochMillis>| moment.map(|moment| rfc3339_millis(*moment));
    json!({
        "runs": tally.runs,
        "alerts": tally.count(),
        "distinct": tally.distinct(),
        "failures": tally.failures,
        "first": moment(tally.alerts.keys().next()),
        "last": moment(tally.alerts.keys().next_back()),
    })
}
