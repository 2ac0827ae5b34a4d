//! `reddalert outbox`: which alerts wait for which output, and the means to send them or to give them up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::anyhow;

use super::interruption::stop_on_signals;
use super::record::open_ledger;
use super::{deliveries, print};
use crate::alert::Alert;
use crate::command_line::{OutboxCommand, RetryOptions, WaitingOptions};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::outputs::Patience;
use crate::run_report::{RunReport, Waiting, count};
use crate::settings::{OutputSettings, Settings};
use crate::status::{BuriedAlert, Ledger, StatusFiles};
use crate::visible_text::visible;

/// Shows, sends or drops what waits. All take the run lock, because reading the outbox also finishes what a crash left half done.
pub(super) fn outbox(command: &OutboxCommand, terminal: &Terminal) -> Result<Exit, Refusal> {
    match command {
        OutboxCommand::List { which, alerts } => list(which, *alerts),
        OutboxCommand::Retry(options) => retry(options, terminal),
        OutboxCommand::Dead(which) => dead(which),
        OutboxCommand::Drop { which, .. } => give_up(which),
    }
}

fn list(which: &WaitingOptions, with_alerts: bool) -> Result<Exit, Refusal> {
    let ledger = open(which)?;
    let mut text = String::new();
    for (output, waiting) in deliveries::waiting(&ledger).into_iter().filter(|(output, _)| is_meant(which, output)) {
        let _ = writeln!(text, "{}: {waiting}", visible(&output));
        if with_alerts {
            let of_output = ledger.pending().filter(|owed| owed.owed.contains(&output));
            of_output.for_each(|owed| text.push_str(&line(&owed.alert, "")));
        }
    }
    print(if text.is_empty() { "nothing waits\n" } else { &text });
    close(ledger)
}

fn dead(which: &WaitingOptions) -> Result<Exit, Refusal> {
    let ledger = open(which)?;
    let mut by_output: BTreeMap<String, Vec<BuriedAlert>> = BTreeMap::new();
    for letter in ledger.dead().or_exit(Exit::Status)?.into_iter().filter(|letter| is_meant(which, &letter.output)) {
        by_output.entry(letter.output.clone()).or_default().push(letter);
    }
    let mut text = String::new();
    for (output, letters) in by_output {
        let mut refused = Waiting::default();
        letters.iter().for_each(|letter| refused.add(&letter.alert.detected_at));
        let _ = writeln!(text, "{}: {refused}", visible(&output));
        letters.iter().for_each(|letter| text.push_str(&line(&letter.alert, &format!(": {}", letter.reason))));
    }
    print(if text.is_empty() { "no output has refused an alert\n" } else { &text });
    close(ledger)
}

/// An alert inside a list.
fn line(alert: &Alert, behind: &str) -> String {
    format!("  {} {} {}{}\n", alert.alert_id, alert.plugin_name, visible(&alert.title), visible(behind))
}

fn retry(options: &RetryOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let settings = Settings::read(options.configfile.as_deref()).or_exit(Exit::Settings)?;
    let stop = stop_on_signals().or_exit(Exit::Internal)?;
    let mut ledger = open(&options.which)?;
    let mut names: BTreeSet<String> = deliveries::waiting(&ledger).into_keys().collect();
    if options.dead {
        names.extend(ledger.dead().or_exit(Exit::Status)?.into_iter().map(|letter| letter.output));
    }
    let outputs = outputs_of(&settings, &names, options)?;
    if options.dead {
        for output in &outputs {
            ledger.raise(output.name()).or_exit(Exit::Status)?;
        }
    }
    let mut report = RunReport::default();
    let patience = Patience::new(stop, None);
    deliveries::deliver(&mut ledger, &outputs, &patience, &mut report).or_exit(Exit::Status)?;
    close(ledger)?;
    // Standard output may be one of the outputs.
    terminal.say(&if outputs.is_empty() { "nothing waits\n".to_owned() } else { report.deliveries() });
    Ok(report.exit())
}

/// The outputs that are meant and that something waits for. One that the config does not know is an error: nobody would hear of it.
fn outputs_of(settings: &Settings, names: &BTreeSet<String>, options: &RetryOptions) -> Result<Vec<OutputSettings>, Refusal> {
    if let Some(name) = &options.which.output {
        // Said also when nothing waits, as for a name that is mistyped.
        settings.outputs(Some(name)).or_exit(Exit::CommandLine)?;
    }
    let mut outputs = Vec::new();
    for name in names.iter().filter(|name| is_meant(&options.which, name)) {
        let known = settings.outputs(Some(name)).map_err(|error| Refusal {
            exit: Exit::Settings,
            error: anyhow!(error).context(format!(
                "alerts wait for the output `{name}`, which cannot be used; add it to the config, name another with --output, or give them up with \
                 `reddalert outbox drop --output {name} --yes`"
            )),
        })?;
        outputs.extend(known);
    }
    Ok(outputs)
}

fn give_up(which: &WaitingOptions) -> Result<Exit, Refusal> {
    let mut ledger = open(which)?;
    for output in deliveries::waiting(&ledger).into_keys().filter(|output| is_meant(which, output)) {
        let owed = ledger.pending().filter(|owed| owed.owed.contains(&output));
        let ids: Vec<String> = owed.map(|owed| owed.alert.alert_id.clone()).collect();
        ledger.acknowledge(&output, ids.iter().map(String::as_str)).or_exit(Exit::Status)?;
        print(&format!("dropped {} that waited for {}\n", count(ids.len(), "alert"), visible(&output)));
    }
    close(ledger)
}

fn open(which: &WaitingOptions) -> Result<Ledger, Refusal> {
    open_ledger(&StatusFiles::new(&which.statusfile))
}

fn close(ledger: Ledger) -> Result<Exit, Refusal> {
    ledger.close().or_exit(Exit::Status)?;
    Ok(Exit::Done)
}

fn is_meant(which: &WaitingOptions, output: &str) -> bool {
    which.output.as_ref().is_none_or(|wanted| wanted == output)
}
