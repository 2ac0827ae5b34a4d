//! `reddalert rule run`: a rule once, on a real inventory, with nothing kept of it.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::anyhow;

use super::super::{deliveries, now};
use super::looked_at;
use super::trial::Trial;
use crate::alert::Alert;
use crate::command_line::RunOnceOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::moment::rfc3339_millis;
use crate::network::Network;
use crate::outputs::Patience;
use crate::recording::Outside;
use crate::run_report::{RunReport, count};
use crate::sandbox::{Chance, Outcome, Usage};
use crate::settings::{OutputSettings, Settings};
use crate::time_window::TimeWindow;
use crate::visible_text::visible;

/// Runs the rule, shows its alerts on standard output, and on stderr what it said and used.
pub(super) fn run(options: &RunOnceOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let outputs = outputs(&options.output)?;
    let settings = looked_at::settings(&options.trial)?;
    let trial = Trial::load(&options.trial.file)?;
    let network = Arc::new(Network::new().or_exit(Exit::Internal)?);
    let equipment = trial.equip(&settings, &options.trial.allow, Chance::Real).or_exit(Exit::Settings)?;
    let (inventory, window) = looked_at::open(&options.trial)?;
    let assignment = trial.assignment(&equipment, serde_json::Map::new(), window, Outside::live(&inventory, &network));
    let Outcome { result, skipped, skipped_count, incomplete, faults, usage, .. } = trial.sandbox.run(&trial.rule, assignment);
    let found_at = rfc3339_millis(now());
    let (alerts, failure) = match result {
        Ok(findings) => (findings, None),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    let alerts: Vec<_> = alerts.into_iter().map(|finding| Arc::new(Alert::new(&trial.name, finding, window, found_at.clone()))).collect();
    let mut report = RunReport::default();
    deliveries::show(&alerts, &outputs, &Patience::new(Arc::default(), None), &mut report);

    let mut text = headline(&trial, window, alerts.len());
    let mut line = |what: &str, said: &str| {
        let _ = writeln!(text, "  {what}: {}", said.lines().map(visible).collect::<Vec<_>>().join("\n    "));
    };
    if let Some(failure) = &failure {
        line("failed, nothing of it counts", &failure.message);
    }
    for reason in &incomplete {
        line("incomplete", reason);
    }
    for skipped in &skipped {
        line("skipped", &format!("{}: {}", skipped.what, skipped.reason));
    }
    if skipped_count > skipped.len() as u64 {
        line("skipped", &format!("{skipped_count} in all"));
    }
    for fault in &faults {
        line("fault", fault);
    }
    line("used", &used(&usage));
    terminal.say(&text);
    let trouble = inventory.statistics().unreachable.is_some();
    Ok(if failure.is_some() { Exit::RuleFailed } else { report.exit().max(if trouble { Exit::Inventory } else { Exit::Done }) })
}

fn headline(trial: &Trial, window: TimeWindow, alerts: usize) -> String {
    let (since, until) = (rfc3339_millis(window.since), rfc3339_millis(window.until));
    format!("{}: {} from {since} to {until}\n", trial.name, count(alerts, "alert"))
}

/// What it cost, for people.
fn used(usage: &Usage) -> String {
    let ms = |duration: std::time::Duration| duration.as_secs_f64() * 1000.0;
    format!(
        "{:.1} ms computing, {:.1} ms waiting, {}, {} from the inventory, at most {:.1} MiB of memory",
        ms(usage.computing),
        ms(usage.waiting),
        count(usize::try_from(usage.host_calls).unwrap_or(usize::MAX), "call") + " of the host",
        count(usize::try_from(usage.inventory_bytes).unwrap_or(usize::MAX), "byte"),
        mebibytes(usage.peak_memory),
    )
}

/// For people.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
pub(super) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Alerts of a rule that is tried go to the terminal, and nowhere else.
fn outputs(kind: &str) -> Result<Vec<OutputSettings>, Refusal> {
    let outputs = Settings::default().outputs(Some(kind)).or_exit(Exit::CommandLine)?;
    if let Some(other) = outputs.iter().find(|output| !output.is_standard_output()) {
        let error =
            anyhow!("--output {}: alerts of a rule that is tried go to standard output: stdout, stdout_tabsep or jsonl", other.name());
        return Err(Refusal { exit: Exit::CommandLine, error });
    }
    Ok(outputs)
}
