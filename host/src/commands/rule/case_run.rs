//! Runs a rule's component on a case.

use std::sync::Arc;

use anyhow::anyhow;
use cases::{Case, Expected, Inventory, Run, RunResult};
use serde_json::{Map, Value, json};

use super::trial::{Equipment, Trial};
use crate::alert::Alert;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::inventory;
use crate::network::Network;
use crate::recording::{Outside, Recording, RuleReplay};
use crate::rule_name::RuleName;
use crate::sandbox::{Chance, Outcome};
use crate::time_window::TimeWindow;

/// What comes of a case: its runs one after the other, the status carried along.
pub(super) fn run_case(trial: &Trial, case: &Case) -> Result<Expected, Refusal> {
    let mut status = case.status.clone();
    let equipment = match trial.equip(&case.settings, &[], Chance::Fixed) {
        Ok(equipment) => equipment,
        // No run takes place.
        Err(refused) => {
            let failed = RunResult { error: Some(chain(refused)), status, ..RunResult::default() };
            return Ok(Expected { runs: vec![failed; case.runs.len()] });
        }
    };
    let outside = Surroundings::of(trial, case)?;
    let mut runs = Vec::new();
    for run in &case.runs {
        let window = TimeWindow { since: run.since, until: run.until };
        let result = run_once(trial, &equipment, status.clone(), window, outside.in_run(run));
        status.clone_from(&result.status);
        runs.push(result);
    }
    Ok(Expected { runs })
}

/// What answers in a case.
enum Surroundings<'a> {
    Inventory(&'a Inventory, Arc<Network>),
    Recording(Arc<RuleReplay>),
}

impl<'a> Surroundings<'a> {
    fn of(trial: &Trial, case: &'a Case) -> Result<Self, Refusal> {
        if let Some(inventory) = &case.inventory {
            return Ok(Self::Inventory(inventory, Arc::new(Network::standing_in(case.web.clone()).or_exit(Exit::Internal)?)));
        }
        let file = case.recording();
        let mut rules = Recording::open(&file).or_exit(Exit::Settings)?.rules;
        if let Some(replay) = rules.remove(&trial.name) {
            Ok(Self::Recording(Arc::new(replay)))
        } else {
            let names: Vec<&str> = rules.keys().map(RuleName::as_str).collect();
            let error = anyhow!("`{}` holds no run of rule {}, only of {}", file.display(), trial.name, names.join(", "));
            Err(Refusal { exit: Exit::Settings, error })
        }
    }

    /// An inventory that nobody has asked yet; a recording goes on.
    fn in_run(&self, run: &Run) -> Outside {
        match self {
            Self::Inventory(inventory, network) => {
                let inventory = inventory::Inventory::of_records(Arc::clone(inventory.store()), run.until);
                Outside::live(&Arc::new(inventory), network)
            }
            Self::Recording(replay) => Outside::Recorded(Arc::clone(replay)),
        }
    }
}

fn run_once(trial: &Trial, equipment: &Equipment, status: Map<String, Value>, window: TimeWindow, outside: Outside) -> RunResult {
    let outcome = trial.sandbox.run(&trial.rule, trial.assignment(equipment, status, window, outside));
    let Outcome { result, remembered, skipped, incomplete, .. } = outcome;
    let (alerts, error) = match result {
        Ok(findings) => (findings, None),
        Err(failure) => (Vec::new(), Some(failure.message)),
    };
    let alerts = alerts.into_iter().map(|finding| shown(Alert::new(&trial.name, finding, window, String::new()))).collect();
    let skipped = skipped.into_iter().map(|skipped| cases::Skipped { what: Some(skipped.what), reason: Some(skipped.reason) }).collect();
    RunResult { alerts, skipped, incomplete, error, status: remembered }
}

/// An alert as a case has it.
fn shown(alert: Alert) -> cases::Alert {
    let Alert { id, title, severity, details, labels, url, .. } = alert;
    let text = |value: Value| value.as_str().map(ToOwned::to_owned).unwrap_or_default();
    cases::Alert {
        id,
        title,
        severity: text(json!(severity)),
        details: details.into_iter().map(|detail| json!(detail)).collect(),
        labels: labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        url,
    }
}
