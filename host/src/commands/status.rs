//! `reddalert status`: how far each rule has looked, and the means to mend that.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::anyhow;

use super::print;
use super::record::open_ledger;
use crate::command_line::StatusCommand;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::moment::rfc3339_millis;
use crate::rule_name::RuleName;
use crate::status::{StatusFile, StatusFiles};

/// Shows or changes the status. A change takes the run lock.
pub(super) fn status(command: &StatusCommand) -> Result<Exit, Refusal> {
    match command {
        StatusCommand::Show { statusfile } => show(statusfile)?,
        StatusCommand::SetSince { statusfile, rule, since } => {
            let since = since.resolve(super::now());
            change(statusfile, |status| status.set_progress(rule, since))?;
            print(&format!("the next run of {rule} looks at what changed from {} on\n", rfc3339_millis(since)));
        }
        StatusCommand::Forget { statusfile, rule } => {
            known(&StatusFile::load(&StatusFiles::new(statusfile)).or_exit(Exit::Status)?, rule)?;
            change(statusfile, |status| status.forget(rule))?;
            print(&format!("{rule} starts as if it had never run\n"));
        }
    }
    Ok(Exit::Done)
}

fn show(statusfile: &Path) -> Result<(), Refusal> {
    let status = StatusFile::load(&StatusFiles::new(statusfile)).or_exit(Exit::Status)?;
    let mut text = format!("a rule that never ran begins at {}\n", rfc3339_millis(status.since()));
    for (rule, progress) in status.progress() {
        let _ = writeln!(text, "{rule} has looked up to {} ({progress})", rfc3339_millis(progress));
    }
    print(&text);
    Ok(())
}

fn known(status: &StatusFile, rule: &RuleName) -> Result<(), Refusal> {
    if status.progress().any(|(name, _)| name == rule) || !status.section(rule).is_empty() {
        return Ok(());
    }
    Err(Refusal {
        exit: Exit::CommandLine,
        error: anyhow!("nothing is kept about a rule `{rule}`; `reddalert status show` lists those that ran"),
    })
}

fn change(statusfile: &Path, change: impl FnOnce(&mut StatusFile)) -> Result<(), Refusal> {
    let mut ledger = open_ledger(&StatusFiles::new(statusfile))?;
    ledger.edit_status(change).or_exit(Exit::Status)?;
    ledger.close().or_exit(Exit::Status)
}
