//! Hands what is owed to the outputs of the run, oldest first, and writes down what each has taken. Outputs that write here come one after the
//! other, so that their order is always the same; each of those that send goes its own way, so that none waits for another.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant, SystemTime};

use tracing::warn;

use super::now;
use crate::alert::Alert;
use crate::exit_code::chain;
use crate::moment::rfc3339_millis;
use crate::outputs::{self, Patience, Settled};
use crate::run_report::{OutputReport, RunReport, Waiting};
use crate::settings::{OutputSettings, OutputTarget};
use crate::status::{DeadLetter, Ledger, LedgerError};
use crate::visible_text::visible;

/// Rules may have used up the time of the run; what they found is sent all the same, for so long.
const LEAST_TIME: Duration = Duration::from_secs(30);
/// How often it is looked whether the run is to end.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long outputs may take to end after they were told to. What hangs longer is left behind; what it sends meanwhile comes twice.
const GRACE: Duration = Duration::from_secs(3);

/// What one output is to send.
type Work = (OutputSettings, Vec<Arc<Alert>>);

/// What an output says while it works.
enum News {
    Settled(Settled),
    /// Why something is left, if something is.
    Ended(Option<String>),
}

/// When everything that sends has to end.
pub(super) fn end_of_deliveries(end_of_run: Option<Instant>) -> Option<Instant> {
    end_of_run.map(|end| end.max(Instant::now() + LEAST_TIME))
}

/// Sends everything owed to `outputs`. A trouble of one output keeps nothing from the others; one of the status is returned at the end.
pub(super) fn deliver(
    ledger: &mut Ledger,
    outputs: &[OutputSettings],
    patience: &Patience,
    report: &mut RunReport,
) -> Result<(), LedgerError> {
    let work = outputs.iter().map(|output| (output.clone(), owed_to(ledger, output.name())));
    let (work, idle): (Vec<Work>, Vec<Work>) = work.partition(|(_, alerts)| !alerts.is_empty());
    let mut lines: BTreeMap<String, OutputReport> = BTreeMap::new();
    for (output, _) in work.iter().chain(&idle) {
        lines.insert(output.name().to_owned(), OutputReport::default());
    }
    let result = watch(ledger, &start(work, patience), patience, &mut lines);
    for (name, line) in lines {
        report.outputs.insert(name, line);
    }
    for (name, waiting) in waiting(ledger) {
        warn!(output = %visible(&name), alerts = waiting.alerts, oldest = waiting.oldest, "alerts wait");
        match report.outputs.get_mut(&name) {
            Some(line) => line.owed = waiting,
            None => drop(report.orphaned.insert(name, waiting)),
        }
    }
    let is_empty = ledger.pending().next().is_none();
    report.outbox_bytes = if is_empty { 0 } else { ledger.outbox_bytes() };
    result
}

/// Starts one thread for all outputs that write here, and one for each that sends. The channel holds nothing: nobody is more than one batch
/// ahead of what is written down.
fn start(work: Vec<Work>, patience: &Patience) -> Receiver<(String, News)> {
    let (sender, receiver) = sync_channel(0);
    let (here, elsewhere): (Vec<Work>, Vec<Work>) =
        work.into_iter().partition(|(output, _)| matches!(output.target, OutputTarget::Stream { .. }));
    for together in std::iter::once(here).chain(elsewhere.into_iter().map(|one| vec![one])) {
        let (sender, patience) = (sender.clone(), patience.clone());
        std::thread::spawn(move || together.iter().for_each(|work| send(work, &patience, &sender)));
    }
    receiver
}

fn send((settings, alerts): &Work, patience: &Patience, sender: &SyncSender<(String, News)>) {
    let mut settle = |settled| match sender.send((settings.name().to_owned(), News::Settled(settled))) {
        Ok(()) => ControlFlow::Continue(()),
        // The run has ended without this output.
        Err(_) => ControlFlow::Break(()),
    };
    let trouble = match outputs::open(settings, SystemTime::now) {
        Ok(mut output) => outputs::deliver_all(output.as_mut(), alerts, patience, &mut settle),
        Err(error) => Some(chain(error)),
    };
    let _ = sender.send((settings.name().to_owned(), News::Ended(trouble)));
}

/// Writes down what the outputs say until all have ended, or have to.
fn watch(
    ledger: &mut Ledger,
    news: &Receiver<(String, News)>,
    patience: &Patience,
    lines: &mut BTreeMap<String, OutputReport>,
) -> Result<(), LedgerError> {
    let (mut result, mut told_to_end) = (Ok(()), None::<Instant>);
    loop {
        match news.recv_timeout(LOOK_EVERY) {
            Ok((name, news)) => {
                let written = take(ledger, &name, news, lines.entry(name.clone()).or_default());
                if written.is_err() {
                    // What is sent now would be sent again by the next run.
                    patience.halt();
                }
                result = result.and(written);
            }
            Err(RecvTimeoutError::Disconnected) => return result,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if patience.over().is_some() && told_to_end.get_or_insert_with(Instant::now).elapsed() > GRACE {
            return result;
        }
    }
}

fn take(ledger: &mut Ledger, output: &str, news: News, line: &mut OutputReport) -> Result<(), LedgerError> {
    let Settled { taken, refused, notes } = match news {
        News::Ended(trouble) => {
            line.trouble = trouble;
            return Ok(());
        }
        News::Settled(settled) => settled,
    };
    line.delivered += taken.len();
    line.notes.extend(notes);
    ledger.acknowledge(output, taken.iter().map(|alert| alert.alert_id.as_str()))?;
    let letters: Vec<_> = refused.into_iter().map(|(alert, reason)| DeadLetter { alert, reason }).collect();
    ledger.bury(output, &letters, &rfc3339_millis(now()))?;
    line.refused += letters.len();
    if line.refusal.is_none() {
        line.refusal = letters.into_iter().next().map(|letter| letter.reason);
    }
    Ok(())
}

/// What waits, by output.
pub(super) fn waiting(ledger: &Ledger) -> BTreeMap<String, Waiting> {
    let mut waiting: BTreeMap<String, Waiting> = BTreeMap::new();
    for owed in ledger.pending() {
        for output in &owed.owed {
            waiting.entry(output.clone()).or_default().add(&owed.alert.detected_at);
        }
    }
    waiting
}

fn owed_to(ledger: &Ledger, output: &str) -> Vec<Arc<Alert>> {
    let owed = ledger.pending().filter(|owed| owed.owed.iter().any(|name| name == output));
    let mut alerts: Vec<_> = owed.map(|owed| Arc::clone(&owed.alert)).collect();
    // Those of one run by rule, whichever rule was the first to end.
    alerts.sort_by(|one, other| (one.until, &one.plugin_name).cmp(&(other.until, &other.plugin_name)));
    alerts
}

/// Shows alerts that nobody is owed, as `--dry-run` does. Outputs that are no part of standard output are left out, and named.
pub(super) fn show(alerts: &[Arc<Alert>], outputs: &[OutputSettings], patience: &Patience, report: &mut RunReport) {
    for settings in outputs {
        if !settings.is_standard_output() {
            report.notes.push(format!("output {}: nothing is sent in a dry run", settings.name()));
            continue;
        }
        let wanted: Vec<_> = alerts.iter().filter(|alert| settings.subscriber.wants(alert)).cloned().collect();
        let line = send_now(settings, &wanted, patience);
        report.outputs.insert(settings.name().to_owned(), line);
    }
}

/// Sends alerts that nobody keeps, and says how it went.
pub(super) fn send_now(settings: &OutputSettings, alerts: &[Arc<Alert>], patience: &Patience) -> OutputReport {
    let mut line = OutputReport::default();
    let mut settle = |settled: Settled| {
        line.delivered += settled.taken.len();
        line.notes.extend(settled.notes);
        line.refused += settled.refused.len();
        line.refusal = settled.refused.into_iter().next().map(|(_, reason)| reason).or(line.refusal.take());
        ControlFlow::Continue(())
    };
    let trouble = match outputs::open(settings, SystemTime::now) {
        Ok(mut output) => outputs::deliver_all(output.as_mut(), alerts, patience, &mut settle),
        Err(error) => Some(chain(error)),
    };
    line.trouble = trouble;
    line.owed.alerts = alerts.len() - line.delivered - line.refused;
    line
}
