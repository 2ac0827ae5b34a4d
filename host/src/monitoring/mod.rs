//! Tells machines how a run went, so that a day without alerts differs from a day without runs: a file with metrics for Prometheus, an
//! address that is asked for, and errors for Sentry. Nothing here changes how the run went.

mod client;
mod metrics;
mod ping;
mod previous;
mod problem;
mod sentry;
#[cfg(test)]
mod tests;

use tracing::warn;

use crate::exit_code::Exit;
use crate::run_report::RunReport;
use crate::settings::MonitoringSettings;
use crate::time_window::EpochMillis;
use crate::visible_text::visible;

/// A run that is over.
pub struct EndedRun<'a> {
    /// How it ended.
    pub exit: Exit,
    /// What came of it; none if it was refused.
    pub report: Option<&'a RunReport>,
    /// Why it was refused, if it was.
    pub refusal: Option<String>,
    /// When it began.
    pub began: EpochMillis,
    /// When it was over.
    pub ended: EpochMillis,
    /// It was narrowed to some rules: nothing is known of the others.
    pub narrowed: bool,
}

impl EndedRun<'_> {
    /// Everything that had to be done was done. Alerts are no failure.
    fn is_good(&self) -> bool {
        self.exit <= Exit::Alerts
    }
}

/// Logs what went wrong, tells all that the settings name, and returns what could not be told, in words for the operator.
pub fn tell(settings: &MonitoringSettings, run: &EndedRun<'_>) -> Vec<String> {
    for problem in problem::problems(run) {
        let [kind, which] = &problem.group;
        warn!(kind, which = %visible(which), "{}", visible(&problem.message));
    }
    let mut troubles = Vec::new();
    if let Some(file) = &settings.metrics_file {
        let written = metrics::write(file, run);
        troubles.extend(written.err().map(|error| format!("the metrics file `{}` cannot be written: {error:#}", file.display())));
    }
    if let Some(address) = &settings.ping_url {
        troubles
            .extend(ping::ping(address, run).err().map(|trouble| format!("the address of `ping-url` was not told of this run: {trouble}")));
    }
    if let Some(dsn) = &settings.sentry {
        troubles.extend(sentry::report(dsn, run).err().map(|trouble| format!("Sentry was not told of what went wrong: {trouble}")));
    }
    troubles
}
