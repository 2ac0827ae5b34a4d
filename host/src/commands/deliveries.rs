//! Hands what is owed to the outputs of the run, oldest first, and writes down what each has taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::alert::Alert;
use crate::exit_code::chain;
use crate::outputs::{Delivery, Format, Output, Stream, Target};
use crate::run_report::{OutputReport, RunReport};
use crate::settings::{OutputKind, OutputSettings};
use crate::status::{Ledger, LedgerError};

/// So many alerts are sent before it is written down that they were.
const BATCH: usize = 1000;

/// Sends everything owed to `outputs`. A trouble of one output keeps nothing from the others; one of the status is returned at the end.
pub(super) fn deliver(
    ledger: &mut Ledger,
    outputs: &[OutputSettings],
    stop: &AtomicBool,
    report: &mut RunReport,
) -> Result<(), LedgerError> {
    let mut result = Ok(());
    for settings in outputs {
        let mut line = OutputReport::default();
        let written = deliver_to(ledger, settings, stop, &mut line);
        line.owed = owed_to(ledger, &settings.name).len();
        report.outputs.insert(settings.name.clone(), line);
        result = result.and(written);
    }
    for owed in ledger.pending() {
        for output in owed.owed.iter().filter(|owed| !outputs.iter().any(|settings| settings.name == **owed)) {
            *report.orphaned.entry(output.clone()).or_default() += 1;
        }
    }
    result
}

fn deliver_to(ledger: &mut Ledger, settings: &OutputSettings, stop: &AtomicBool, line: &mut OutputReport) -> Result<(), LedgerError> {
    let mut output = output(settings);
    for batch in owed_to(ledger, &settings.name).chunks(BATCH) {
        if stop.load(Ordering::Relaxed) {
            line.trouble = Some("the run was told to stop".to_owned());
            return Ok(());
        }
        let Delivery { delivered, trouble } = output.deliver(batch);
        line.delivered += delivered;
        line.trouble = trouble.map(chain);
        ledger.acknowledge(&settings.name, batch[..delivered].iter().map(|alert| alert.alert_id.as_str()))?;
        if line.trouble.is_some() {
            return Ok(());
        }
    }
    Ok(())
}

fn owed_to(ledger: &Ledger, output: &str) -> Vec<Arc<Alert>> {
    let owed = ledger.pending().filter(|owed| owed.owed.iter().any(|name| name == output));
    let mut alerts: Vec<_> = owed.map(|owed| Arc::clone(&owed.alert)).collect();
    // Those of one run by rule, whichever rule was the first to end.
    alerts.sort_by(|one, other| (one.until, &one.plugin_name).cmp(&(other.until, &other.plugin_name)));
    alerts
}

/// Shows alerts that nobody is owed, as `--dry-run` does. Outputs that are no part of standard output are left out, and named.
pub(super) fn show(alerts: &[Arc<Alert>], outputs: &[OutputSettings], report: &mut RunReport) {
    for settings in outputs {
        if settings.file.is_some() {
            report.notes.push(format!("output {}: nothing is sent to a file in a dry run", settings.name));
            continue;
        }
        let Delivery { delivered, trouble } = output(settings).deliver(alerts);
        let trouble = trouble.map(chain);
        let line = OutputReport { delivered, owed: alerts.len() - delivered, trouble };
        report.outputs.insert(settings.name.clone(), line);
    }
}

fn output(settings: &OutputSettings) -> Box<dyn Output> {
    let format = match settings.kind {
        OutputKind::Stdout => Format::Blocks,
        OutputKind::StdoutTabsep => Format::TabSeparated,
        OutputKind::Jsonl => Format::JsonLines,
    };
    let target = settings.file.clone().map_or(Target::StandardOutput, Target::File);
    Box::new(Stream { format, target })
}
