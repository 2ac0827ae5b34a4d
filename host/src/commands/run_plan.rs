//! What a run is to do: the config, with what the command line says on top.

use std::time::{Duration, Instant};

use crate::command_line::RunOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::settings::{OutputSettings, Settings};
use crate::time_window::EpochMillis;

/// How many threads run rules when nobody says and the system does not tell how many processors there are.
const FALLBACK_THREADS: usize = 2;

/// Everything that is decided before the rules are looked at.
pub(super) struct RunPlan {
    /// The config; the command line wins.
    pub(super) settings: Settings,
    /// Who gets the alerts.
    pub(super) outputs: Vec<OutputSettings>,
    /// `--since` as a moment.
    pub(super) since: Option<EpochMillis>,
    /// `--until` as a moment.
    pub(super) until: Option<EpochMillis>,
    /// When everything has to be over.
    pub(super) ends_at: Option<Instant>,
    /// How many rules run at once.
    pub(super) threads: usize,
}

impl RunPlan {
    /// Reads the config.
    pub(super) fn read(options: &RunOptions, now: EpochMillis, started: Instant) -> Result<Self, Refusal> {
        let mut settings = Settings::read(options.configfile.as_deref()).or_exit(Exit::Settings)?;
        if let Some(address) = &options.edda {
            settings.edda = address.clone();
        }
        settings.store_until = options.store_until.unwrap_or(settings.store_until);
        settings.fail_on = options.fail_on.or(settings.fail_on);
        settings.monitoring.sentry = options.sentry.clone().or(settings.monitoring.sentry);
        let outputs = settings.outputs(options.output.as_deref()).or_exit(Exit::CommandLine)?;
        let processors = || std::thread::available_parallelism().map_or(FALLBACK_THREADS, usize::from);
        Ok(Self {
            outputs,
            since: options.since.map(|moment| moment.resolve(now)),
            until: options.until.map(|moment| moment.resolve(now)),
            ends_at: options.max_time.or(settings.max_time).and_then(|longest: Duration| started.checked_add(longest)),
            threads: options.jobs.or(settings.jobs).map_or_else(processors, usize::from),
            settings,
        })
    }
}
