//! The last step of a run, however it ended: whoever watches over the runs is told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::anyhow;

use crate::command_line::RunOptions;
use crate::exit_code::{Exit, Refusal};
use crate::log::Terminal;
use crate::monitoring::{EndedRun, tell};
use crate::run_report::RunReport;
use crate::settings::MonitoringSettings;
use crate::time_window::EpochMillis;
use crate::visible_text::visible;

/// A panic of our own ends the run as an internal error, so that it is told like any other.
pub(super) fn without_panic<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    // What the work had in hand is dropped, and nothing is left that it may have broken.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let error = anyhow!("reddalert has an error of its own, and its message stands above; please report it");
        Err(Refusal { exit: Exit::Internal, error })
    })
}

/// Tells of the run, unless it is none of its own: a dry run keeps nothing, and while another run is at work, that one will tell.
pub(super) fn announce(
    settings: &MonitoringSettings,
    ended: &Result<(Exit, RunReport), Refusal>,
    options: &RunOptions,
    began: EpochMillis,
    terminal: &Terminal,
) {
    let (exit, report, refusal) = match ended {
        Ok((exit, report)) => (*exit, Some(report), None),
        Err(refusal) => (refusal.exit, None, Some(refusal.to_string())),
    };
    if options.dry_run || exit == Exit::Locked {
        return;
    }
    let run = EndedRun { exit, report, refusal, began, ended: super::now(), narrowed: !options.rules.is_empty() };
    for trouble in tell(settings, &run) {
        terminal.say(&format!("reddalert: {}\n", visible(&trouble)));
    }
}
