//! The tables, as Markdown on standard output: each row as soon as it is known.

use std::io::{self, Write as _};
use std::time::Duration;

use anyhow::Result;

use crate::child::Cost;
use crate::small_runs::SmallRuns;
use crate::{median, shortest};

/// Runs of one kind over one account.
pub(crate) struct Measurement<'a> {
    pub(crate) machines: usize,
    pub(crate) what: &'static str,
    pub(crate) side: &'static str,
    pub(crate) costs: &'a [Cost],
    pub(crate) native: Duration,
}

/// What is printed in the end, beside the rows that already are.
pub(crate) struct Tables {
    parts: Vec<String>,
}

impl Tables {
    pub(crate) fn start(runs: usize) -> Result<Self> {
        say(&format!("Medians of {runs} runs, after one that is not counted; in brackets the smallest. Times in ms."))?;
        Ok(Self { parts: Vec::new() })
    }

    pub(crate) fn small_runs(runs: &SmallRuns) -> Result<()> {
        say("\n| nothing to look at | wall |\n| --- | --- |")?;
        say(&format!("| 12 rules, compiled before | {} |", spread(&runs.cached)))?;
        say(&format!("| 12 rules, compiled first | {} |", spread(&runs.cold)))?;
        say(&format!("| `reddalert --version` | {} |", spread(&runs.process)))?;
        say("\n| machines | run | inventory | wall | CPU | native CPU | ratio | peak RSS MiB | requests | alerts |")?;
        say("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    }

    pub(crate) fn whole_run(&mut self, measurement: &Measurement<'_>) -> Result<()> {
        let Measurement { machines, what, side, costs, native } = measurement;
        let of = |one: fn(&Cost) -> Duration| costs.iter().map(one).collect::<Vec<_>>();
        let cpu = of(|cost| cost.cpu);
        let peak = median(costs.iter().map(|cost| cost.peak_memory).collect()) >> 20;
        let alerts: usize = costs[0].rules.iter().map(|(_, alerts, _)| alerts).sum();
        let ratio = median(cpu.clone()).as_secs_f64() / native.as_secs_f64();
        let least = shortest(cpu.iter().copied()).as_secs_f64() / native.as_secs_f64();
        let wall = spread(&of(|cost| cost.wall));
        let (cpu, native, requests) = (spread(&cpu), ms(*native), costs[0].inventory.requests);
        say(&format!(
            "| {machines} | {what} | {side} | {wall} | {cpu} | {native} | {ratio:.2} ({least:.2}) | {peak} | {requests} | {alerts} |"
        ))?;
        self.parts.push(parts(measurement));
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        say("\n| machines | run | inventory | MB | download | split | project | rules, each from its start to its end |")?;
        say("| --- | --- | --- | --- | --- | --- | --- | --- |")?;
        self.parts.iter().try_for_each(|row| say(row))
    }
}

fn parts(Measurement { machines, what, side, costs, .. }: &Measurement<'_>) -> String {
    let of = |one: fn(&Cost) -> Duration| ms(median(costs.iter().map(one).collect()));
    let megabytes = costs[0].inventory.bytes / 1_000_000;
    let (download, split, project) =
        (of(|cost| cost.inventory.downloading), of(|cost| cost.inventory.splitting), of(|cost| cost.inventory.projecting));
    let time_of = |number: usize| median(costs.iter().map(|cost| cost.rules[number].2).collect());
    let rules: Vec<String> =
        costs[0].rules.iter().enumerate().map(|(number, (name, alerts, _))| format!("{name} {} ({alerts})", time_of(number))).collect();
    format!("| {machines} | {what} | {side} | {megabytes} | {download} | {split} | {project} | {} |", rules.join(", "))
}

/// Median and smallest.
fn spread(times: &[Duration]) -> String {
    format!("{} ({})", ms(median(times.to_vec())), ms(shortest(times.iter().copied())))
}

fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 100.0 { format!("{ms:.1}") } else { format!("{ms:.0}") }
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}
