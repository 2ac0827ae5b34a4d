//! The options of those sub-commands of `reddalert archive` that ask and keep an archive.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::moment::Moment;
use crate::settings::values::parse_duration;

/// What is served, and where.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ServeOptions {
    /// The file of the archive
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// What addresses begin with; / for nothing
    #[arg(long, value_name = "PATH", default_value = "/edda")]
    pub base: String,
    /// How many requests are answered at a time; others wait
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: u16,
    /// How many clients may be connected at a time; others wait
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    pub connections: u16,
    /// How long an answer may take, its sending included
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = parse_duration)]
    pub time_limit: Duration,
}

/// What is asked.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct QueryOptions {
    /// The file of the archive
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// What follows /api/v2/ in an address of EDDA
    #[arg(value_name = "REQUEST")]
    pub request: String,
}

/// What is written out.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ExportOptions {
    /// The file of the archive
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// Only these collections [default: all]
    #[arg(value_name = "COLLECTION")]
    pub collections: Vec<String>,
}

/// What is counted.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct StatsOptions {
    /// The file of the archive
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// What is given up.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct PruneOptions {
    /// The file of the archive
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// Delete what ended longer ago than this
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub older_than: Duration,
    /// Only say how many revisions would go
    #[arg(long)]
    pub dry_run: bool,
    /// Make the file smaller, too; needs as much room on the disk once more while it lasts
    #[arg(long, conflicts_with = "dry_run")]
    pub shrink: bool,
}

/// Which part of the history is told, and how.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct LogOfArchiveOptions {
    /// The file of the archive
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// Only what happened at this moment or later
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<Moment>,
    /// Only what happened before this moment
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<Moment>,
    /// At most so many events, the newest
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Unchanged lines around each change
    #[arg(long, value_name = "LINES", default_value_t = 3)]
    pub context: u32,
    /// Show the whole document where it is new or gone
    #[arg(long)]
    pub whole: bool,
    /// When to use colours; `NO_COLOR` in the environment turns `auto` off
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Colours::Auto)]
    pub color: Colours,
    /// The collection, as aws.securityGroups or aws/securityGroups
    #[arg(value_name = "COLLECTION")]
    pub collection: String,
    /// Only this document
    #[arg(value_name = "ID")]
    pub id: Option<String>,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colours {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
