//! Runs a rule's component on a case.

use std::sync::Arc;

use anyhow::anyhow;
use cases::{Case, Expected, RunResult};
use serde_json::{Map, Value, json};

use super::trial::{Equipment, Trial};
use crate::alert::Alert;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::inventory::Inventory;
use crate::network::Network;
use crate::sandbox::{Chance, Outcome};
use crate::time_window::TimeWindow;

/// What comes of a case: its runs one after the other, the status carried along.
pub(super) fn run_case(trial: &Trial, case: &Case) -> Result<Expected, Refusal> {
    let Some(inventory) = &case.inventory else {
        let error = anyhow!("the case `{}` is to be answered from a recording, which this version cannot do", case.directory.display());
        return Err(Refusal { exit: Exit::Settings, error });
    };
    let network = Arc::new(Network::standing_in(case.web.clone()).or_exit(Exit::Internal)?);
    let mut status = case.status.clone();
    let equipment = match trial.equip(&case.settings, &[], (&network, Chance::Fixed)) {
        Ok(equipment) => equipment,
        // No run takes place.
        Err(refused) => {
            let failed = RunResult { error: Some(chain(refused)), status, ..RunResult::default() };
            return Ok(Expected { runs: vec![failed; case.runs.len()] });
        }
    };
    let mut runs = Vec::new();
    for run in &case.runs {
        let window = TimeWindow { since: run.since, until: run.until };
        let inventory = Arc::new(Inventory::of_records(Arc::clone(inventory.store()), run.until));
        let result = run_once(trial, &equipment, status, window, &inventory);
        status = result.status.clone();
        runs.push(result);
    }
    Ok(Expected { runs })
}

fn run_once(trial: &Trial, equipment: &Equipment, status: Map<String, Value>, window: TimeWindow, inventory: &Arc<Inventory>) -> RunResult {
    let outcome = trial.sandbox.run(&trial.rule, trial.assignment(equipment, status, window, inventory));
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
