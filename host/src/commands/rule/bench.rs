//! `reddalert rule bench`: what a rule costs.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Map;

use super::super::print;
use super::looked_at;
use super::run::mebibytes;
use super::trial::Trial;
use crate::command_line::BenchOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::network::Network;
use crate::recording::Outside;
use crate::sandbox::{Chance, Sandbox, Usage};

/// Measures and shows: compiling, a start with what was compiled before, and runs, each on an inventory that nobody has asked yet.
pub(super) fn bench(options: &BenchOptions) -> Result<Exit, Refusal> {
    let settings = looked_at::settings(&options.trial)?;
    let file = &options.trial.file;
    let cache = tempfile::tempdir().or_exit(Exit::Internal)?;
    let (trial, compiling) = timed(|| load(file, cache.path()))?;
    drop(trial);
    let (trial, starting) = timed(|| load(file, cache.path()))?;
    let network = Arc::new(Network::new().or_exit(Exit::Internal)?);
    let equipment = trial.equip(&settings, &options.trial.allow, Chance::Real).or_exit(Exit::Settings)?;
    let (mut whole, mut computing, mut last) = (Vec::new(), Vec::new(), (Usage::default(), 0));
    for _ in 0..options.runs.get() {
        let (inventory, window) = looked_at::open(&options.trial)?;
        let assignment = trial.assignment(&equipment, Map::new(), window, Outside::live(&inventory, &network));
        let (outcome, elapsed) = timed(|| Ok(trial.sandbox.run(&trial.rule, assignment)))?;
        let alerts = outcome.result.or_exit(Exit::RuleFailed)?.len();
        whole.push(elapsed);
        computing.push(outcome.usage.computing);
        last = (outcome.usage, alerts);
    }
    print(&table(&trial, [compiling, starting], whole, computing, last));
    Ok(Exit::Done)
}

/// In a new sandbox, which has nothing at hand but what is in the cache.
fn load(file: &Path, cache: &Path) -> Result<Trial, Refusal> {
    Trial::load_with(Sandbox::new(Some(cache)).or_exit(Exit::Internal)?, file)
}

fn timed<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<(T, Duration), Refusal> {
    let start = Instant::now();
    work().map(|done| (done, start.elapsed()))
}

fn table(
    trial: &Trial,
    [compiling, starting]: [Duration; 2],
    whole: Vec<Duration>,
    computing: Vec<Duration>,
    (usage, alerts): (Usage, usize),
) -> String {
    let mut text = format!("{}, {} runs\n", trial.name, whole.len());
    let mut line = |what: &str, value: String| {
        let _ = writeln!(text, "  {what:18} {value}");
    };
    line("compiling", ms(compiling));
    line("start, compiled", ms(starting));
    line("run", least_and_median(whole));
    line("  computing", least_and_median(computing));
    line("calls of the host", usage.host_calls.to_string());
    line("from the inventory", format!("{} bytes", usage.inventory_bytes));
    line("memory", format!("{:.1} MiB", mebibytes(usage.peak_memory)));
    line("alerts", alerts.to_string());
    text
}

fn least_and_median(mut times: Vec<Duration>) -> String {
    times.sort();
    let of = |place: usize| times.get(place).copied().unwrap_or_default();
    format!("{} at least, {} median", ms(of(0)), ms(of(times.len() / 2)))
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
