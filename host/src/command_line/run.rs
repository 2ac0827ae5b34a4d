//! The options of a run, as the original had them, and some more.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::alert::Severity;
use crate::moment::Moment;
use crate::rule_name::RuleName;
use crate::settings::values::parse_duration;
use crate::settings::{InventoryAddress, Secret, parse_dsn};

/// What is logged, and how. Understood by every sub-command.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct LogOptions {
    /// Log nothing but warnings and errors
    #[arg(short = 'l', long, global = true)]
    pub silent: bool,
    /// Log for people or as JSON lines [default: for people, and without a terminal nothing but errors]
    #[arg(long, value_name = "FORMAT", global = true)]
    pub log_format: Option<LogFormat>,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Human,
    /// A JSON object a line.
    Json,
}

/// Which rules run on what, and where their alerts go.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct RunOptions {
    /// The settings [default: etc/configfile.json, which may be absent]
    #[arg(short = 'c', long, value_name = "FILE")]
    pub configfile: Option<PathBuf>,
    /// The status, which each run goes on from; absent before the first run
    #[arg(short = 'f', long, value_name = "FILE", default_value = "etc/statusfile.json")]
    pub statusfile: PathBuf,
    /// Look at what changed from then on [default: where the last run ended]
    ///
    /// Epoch milliseconds, RFC 3339, "YYYY-MM-DD HH:MM:SS" (UTC), or back from now: --since=-6h.
    #[arg(short = 's', long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<Moment>,
    /// Look at what changed before then [default: as far as the inventory is known]
    #[arg(short = 'u', long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<Moment>,
    /// Remember how far this run has looked [default: as the settings say, and true if they do not]
    ///
    /// The Python version ignored this flag and stored it whenever --output was given. Here the flag counts, or else the settings.
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub store_until: Option<bool>,
    /// The inventory: the address of an EDDA, or archive:PATH
    #[arg(short = 'e', long, value_name = "URL")]
    pub edda: Option<InventoryAddress>,
    /// Where alerts go: `stdout`, `stdout_tabsep`, `jsonl`, or outputs of the settings, with commas between them
    #[arg(short = 'o', long, value_name = "LIST")]
    pub output: Option<String>,
    /// Use the rules of this directory too; may be given several times
    #[arg(long, value_name = "DIR")]
    pub plugins: Vec<PathBuf>,
    /// How many rules run side by side [default: as many as there are processors]
    #[arg(long, value_name = "NUMBER")]
    pub jobs: Option<NonZeroUsize>,
    /// Remember what there is and report nothing: for the first run
    #[arg(long, conflicts_with = "dry_run")]
    pub learn: bool,
    /// Show alerts on standard output; keep nothing and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Keep everything that the rules ask and are told in a file
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Run the rules on a recording: same times, same status, nothing else reachable, nothing kept or sent
    ///
    /// Rules get the settings that they had. A question that was not recorded is an error that names the nearest one that was.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "edda", "since", "until", "learn", "store_until", "sentry"])]
    pub replay: Option<PathBuf>,
    /// Stop the rules that still run after this time, as in 90s or 10m
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub max_time: Option<Duration>,
    /// Exit with 1 when an alert is at least this severe
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
    /// Tell this Sentry project what goes wrong in the run
    #[arg(long, value_name = "DSN", value_parser = parse_dsn)]
    pub sentry: Option<Secret>,
    /// The rules to run [default: all]
    #[arg(value_name = "RULE")]
    pub rules: Vec<RuleName>,
}
