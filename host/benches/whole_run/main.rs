//! What a run costs: the built program as cron starts it, over accounts of several sizes, first learning and then with 1 % changed, with the
//! inventory behind HTTP and in an archive; and what the rules alone cost natively. `make bench` prints the tables of `docs/benchmarks.md`.
//!
//! `make bench BENCH="--sizes 1000,10000 --runs 3"` for other sizes, and for another number of runs.

mod account;
mod child;
mod loopback;
mod native;
mod small_runs;
mod stage;
mod tables;

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use reddalert::time_window::TimeWindow;
use serde_json::Value;

use crate::child::{Cost, measured, program};
use crate::native::{Native, Terms};
use crate::stage::{LEARNED, Moment, Stage};
use crate::tables::{Measurement, Tables};

fn main() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    let cache = tempfile::tempdir()?;
    let mut tables = Tables::start(options.runs)?;
    Tables::small_runs(&small_runs::measure(cache.path(), options.runs)?)?;
    for machines in options.sizes {
        let stage = Stage::new(machines)?;
        measure(&stage, machines, options.runs, cache.path(), &mut tables)?;
    }
    tables.finish()
}

struct Options {
    sizes: Vec<usize>,
    runs: usize,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { sizes: vec![1000, 10_000, 50_000], runs: 5 };
        while let Some(argument) = arguments.next() {
            let value = arguments.by_ref();
            match &*argument {
                // Cargo says so to each bench.
                "--bench" => {}
                "--sizes" => options.sizes = value.next().unwrap_or_default().split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--runs" => options.runs = value.next().unwrap_or_default().parse()?,
                _ => bail!("unknown argument `{argument}`; there are --sizes 1000,10000 and --runs 5"),
            }
        }
        ensure!(options.runs > 0 && options.sizes.iter().all(|size| *size >= 100), "at least one run, of 100 machines or more");
        Ok(options)
    }
}

/// All runs over one account.
fn measure(stage: &Stage, machines: usize, runs: usize, cache: &Path, tables: &mut Tables) -> Result<()> {
    let sides = |moment: &Moment| [("HTTP", moment.edda.address.clone()), ("archive", format!("archive:{}", moment.archive.display()))];
    let mut measured = Vec::new();
    for (side, address) in sides(&stage.learn) {
        measured.push(("learn", side, run(stage, &address, &stage.learn, None, cache, runs)?));
    }
    let learned = stage.status()?;
    let window = TimeWindow { since: 0, until: stage.learn.until };
    let learning = Native::measure(&Terms { archive: &stage.learn.archive, window, config: &stage.config, status: &Value::Null, runs })?;
    for (side, address) in sides(&stage.look) {
        measured.push(("1 % changed", side, run(stage, &address, &stage.look, Some(&learned), cache, runs)?));
    }
    let window = TimeWindow { since: LEARNED + 1, until: stage.look.until };
    let looking = Native::measure(&Terms { archive: &stage.look.archive, window, config: &stage.config, status: &learned, runs })?;
    for (what, side, costs) in measured {
        let native = if what == "learn" { &learning } else { &looking };
        let found: Vec<_> = costs[0].rules.iter().map(|(name, alerts, _)| (name.as_str(), *alerts)).collect();
        ensure!(
            native.alerts.iter().map(|(name, alerts)| (*name, *alerts)).eq(found.iter().copied()),
            "natively {:?}, but {found:?}",
            native.alerts
        );
        tables.whole_run(&Measurement { machines, what, side, costs: &costs, native: native.cpu })?;
    }
    Ok(())
}

/// Some runs in a row, each from the same status; one before them fills the caches and is not counted.
fn run(stage: &Stage, address: &str, moment: &Moment, status: Option<&Value>, cache: &Path, runs: usize) -> Result<Vec<Cost>> {
    let file = stage.path("status.json");
    let mut costs = Vec::new();
    for number in 0..=runs {
        match status {
            Some(status) => fs::write(&file, status.to_string())?,
            None => _ = fs::remove_file(&file),
        }
        let mut command = program(cache);
        command.arg("-c").arg(stage.path("config.json")).arg("-f").arg(&file).args(["-e", address, "-o", "jsonl"]);
        command.arg("--until").arg(moment.until.to_string()).args(status.is_none().then_some("--learn"));
        let cost = measured(&mut command)?;
        costs.extend((number > 0).then_some(cost));
    }
    Ok(costs)
}

/// The middle one, of an odd number.
fn median<T: Ord>(mut values: Vec<T>) -> T {
    let middle = values.len() / 2;
    values.sort();
    values.swap_remove(middle)
}

fn shortest(times: impl Iterator<Item = Duration>) -> Duration {
    times.min().unwrap_or_default()
}
