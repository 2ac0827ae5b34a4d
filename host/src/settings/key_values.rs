//! How the values of single keys are read: the texts that mean more than a text.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::inventory_address::{InvalidAddress, InventoryAddress};
use super::mistake::Mistake;
use super::reader::Entry;
use super::suggestion::did_you_mean;
use super::values::{SEVERITIES, parse_duration, parse_size};
use crate::alert::Severity;

/// The address of an inventory.
pub(super) fn address(entry: &Entry<'_>) -> Result<InventoryAddress, Mistake> {
    entry.text()?.parse().map_err(|error: InvalidAddress| entry.wrong_value(error.to_string()))
}

/// A duration.
pub(super) fn duration(entry: &Entry<'_>) -> Result<Duration, Mistake> {
    parse_duration(entry.text()?).map_err(|error| entry.wrong_value(error.to_string()))
}

/// A duration; None for `never`.
pub(super) fn duration_or_never(entry: &Entry<'_>) -> Result<Option<Duration>, Mistake> {
    match entry.text()? {
        "never" => Ok(None),
        text => parse_duration(text).map(Some).map_err(|error| entry.wrong_value(format!("{error}, or `never`"))),
    }
}

/// A number of bytes.
pub(super) fn size(entry: &Entry<'_>) -> Result<u64, Mistake> {
    parse_size(entry.text()?).map_err(|error| entry.wrong_value(error.to_string()))
}

/// One directory or several; relative ones are taken from `base`.
pub(super) fn directories(entry: &Entry<'_>, base: &Path) -> Result<Vec<PathBuf>, Mistake> {
    entry.one_or_more()?.iter().map(|directory| Ok(base.join(directory.filled_text()?))).collect()
}

/// The name of a severity.
pub(super) fn severity(entry: &Entry<'_>) -> Result<Severity, Mistake> {
    let name = entry.text()?;
    let known = SEVERITIES.iter().find(|(known, _)| *known == name);
    known.map(|(_, severity)| *severity).ok_or_else(|| {
        let names = SEVERITIES.map(|(name, _)| name);
        let suggestion = did_you_mean(name, names);
        entry.wrong_value(format!("`{}` is no severity{suggestion} (severities: {})", name.escape_debug(), names.join(", ")))
    })
}
