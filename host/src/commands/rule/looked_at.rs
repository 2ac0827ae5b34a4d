//! What a rule is tried on: an inventory, and a window of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use serde_json::{Map, Value};

use super::super::now;
use crate::command_line::TrialOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::inventory::Inventory;
use crate::status::run_end;
use crate::time_window::{EpochMillis, TimeWindow};

/// The inventory as it is asked in one run, and the window.
pub(super) fn open(options: &TrialOptions) -> Result<(Arc<Inventory>, TimeWindow), Refusal> {
    let now = now();
    let inventory = Inventory::open(&options.edda, now).or_exit(Exit::Inventory)?;
    let window = window(options, &inventory, now)?;
    Ok((Arc::new(inventory), window))
}

fn window(options: &TrialOptions, inventory: &Inventory, now: EpochMillis) -> Result<TimeWindow, Refusal> {
    let until = options.until.map(|moment| moment.resolve(now));
    let newest = if until.is_some() { 0 } else { inventory.newest_known_until().or_exit(Exit::Inventory)? };
    let window = TimeWindow { since: options.since.map_or(0, |moment| moment.resolve(now)), until: run_end(until, newest, now).until };
    if window.is_empty() {
        let error =
            anyhow!("--since ({}) is not before the end of the window ({}): there is nothing to look at", window.since, window.until);
        return Err(Refusal { exit: Exit::CommandLine, error });
    }
    Ok(window)
}

/// The settings: an object, or `@` and the file that it is in.
pub(super) fn settings(options: &TrialOptions) -> Result<Map<String, Value>, Refusal> {
    let expected = "--settings: expected a JSON object, or @FILE with one";
    let text = match options.settings.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(Path::new(file)).with_context(|| format!("--settings: `{file}` cannot be read")),
        None => Ok(options.settings.clone()),
    };
    text.and_then(|text| serde_json::from_str(&text).context(expected)).or_exit(Exit::CommandLine)
}
