//! `reddalert rule new`.

use crate::command_line::NewOptions;
use crate::exit_code::{Exit, Refusal};

/// Writes the directory.
pub(super) fn new(_options: &NewOptions) -> Result<Exit, Refusal> {
    Ok(Exit::Done)
}
