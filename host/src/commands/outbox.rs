//! `reddalert outbox`: which alerts wait for which output, and the means to give them up.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::print;
use super::record::open_ledger;
use crate::command_line::{OutboxCommand, OutboxOptions};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::run_report::count;
use crate::status::{Ledger, StatusFiles};
use crate::visible_text::visible;

/// Shows or drops what waits. Both take the run lock, because reading the outbox also finishes what a crash left half done.
pub(super) fn outbox(command: &OutboxCommand) -> Result<Exit, Refusal> {
    match command {
        OutboxCommand::List(options) => list(options)?,
        OutboxCommand::Drop { which, .. } => give_up(which)?,
    }
    Ok(Exit::Done)
}

fn list(options: &OutboxOptions) -> Result<(), Refusal> {
    let ledger = open_ledger(&StatusFiles::new(&options.statusfile))?;
    let mut text = String::new();
    for (output, ids) in waiting(&ledger, options) {
        let _ = writeln!(text, "{}: {}", visible(&output), count(ids.len(), "alert"));
    }
    print(if text.is_empty() { "nothing waits\n" } else { &text });
    ledger.close().or_exit(Exit::Status)
}

fn give_up(options: &OutboxOptions) -> Result<(), Refusal> {
    let mut ledger = open_ledger(&StatusFiles::new(&options.statusfile))?;
    for (output, ids) in waiting(&ledger, options) {
        ledger.acknowledge(&output, ids.iter().map(String::as_str)).or_exit(Exit::Status)?;
        print(&format!("dropped {} that waited for {}\n", count(ids.len(), "alert"), visible(&output)));
    }
    ledger.close().or_exit(Exit::Status)
}

/// Ids by output.
fn waiting(ledger: &Ledger, options: &OutboxOptions) -> BTreeMap<String, Vec<String>> {
    let mut waiting: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for owed in ledger.pending() {
        for output in owed.owed.iter().filter(|output| options.output.as_ref().is_none_or(|wanted| wanted == *output)) {
            waiting.entry(output.clone()).or_default().push(owed.alert.alert_id.clone());
        }
    }
    waiting
}
