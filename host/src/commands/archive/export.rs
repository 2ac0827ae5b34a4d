//! `reddalert archive export`: all revisions as JSON lines.

use std::io::Write as _;

use edda::archive::{Archive, ExportError};

use super::output::{Output, unwritten};
use crate::command_line::ExportOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::run_report::count;

/// Collections may be named with dots or, as in addresses, with slashes.
pub(super) fn export(options: &ExportOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let archive = Archive::open(&options.archive).or_exit(Exit::Inventory)?;
    let names: Vec<String> = options.collections.iter().map(|name| name.replace('/', ".")).collect();
    let mut out = Output::open();
    let written = match archive.export(&names, &mut out) {
        Ok(written) => written,
        Err(ExportError::Write(error)) => return unwritten(error),
        Err(error @ ExportError::UnknownCollection(_)) => return Err(error).or_exit(Exit::CommandLine),
        Err(error @ ExportError::Archive(_)) => return Err(error).or_exit(Exit::Inventory),
    };
    if let Err(error) = out.flush() {
        return unwritten(error);
    }
    if terminal.is_talkative() {
        terminal.say(&format!("exported {}\n", count(usize::try_from(written).unwrap_or(usize::MAX), "revision")));
    }
    Ok(Exit::Done)
}
