//! The options of `reddalert outbox`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What is done with waiting alerts.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum OutboxCommand {
    /// Show how many alerts wait for which output, and since when
    List {
        /// Which ones
        #[command(flatten)]
        which: WaitingOptions,
        /// Show each alert: its id, its rule, its title
        #[arg(long)]
        alerts: bool,
    },
    /// Send what waits, now and without running rules
    Retry(RetryOptions),
    /// Show the alerts that an output refused for good, with the reason
    Dead(WaitingOptions),
    /// Give up alerts that wait; they are never sent
    Drop {
        /// Which ones
        #[command(flatten)]
        which: WaitingOptions,
        /// Really drop them
        #[arg(long, required = true)]
        yes: bool,
    },
}

/// Which waiting alerts are meant.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct WaitingOptions {
    /// The status, which the outbox lies beside
    #[arg(short = 'f', long, value_name = "FILE", default_value = "etc/statusfile.json")]
    pub statusfile: PathBuf,
    /// Only what waits for this output
    #[arg(short = 'o', long, value_name = "NAME")]
    pub output: Option<String>,
}

/// What is sent once more.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct RetryOptions {
    /// The settings [default: etc/configfile.json, which may be absent]
    #[arg(short = 'c', long, value_name = "FILE")]
    pub configfile: Option<PathBuf>,
    /// Which ones
    #[command(flatten)]
    pub which: WaitingOptions,
    /// Also what the output refused for good: the dead letters wait again
    #[arg(long)]
    pub dead: bool,
}
