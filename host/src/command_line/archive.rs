//! The options of `reddalert archive`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::moment::Moment;

/// What is done with an archive.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum ArchiveCommand {
    /// Take in answers of the AWS command line as one snapshot
    ///
    /// Files are called <service>.<command>[.<parent>].json, as in `aws ec2 describe-instances --output json >
    /// ec2.describe-instances.json` and `aws iam list-groups-for-user --user-name bob --output json >
    /// iam.list-groups-for-user.bob.json`. Nothing is written unless everything can be read.
    #[command(after_help = "\
Examples:
  reddalert archive import --archive archive.sqlite dump/
  reddalert archive import --archive archive.sqlite --at 2025-11-24T09:00:00Z --source 123456789012/eu-west-1 dump/")]
    Import(ImportOptions),
}

/// What is taken in.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ImportOptions {
    /// The file of the archive; made if absent
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// The moment that the answers tell about [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<Moment>,
    /// The account and region that the answers are from; other sources are left as they are
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Import although a safety check says no
    #[arg(long)]
    pub force: bool,
    /// Files, directories, or - for standard input
    #[arg(value_name = "FILE|DIR|-", required = true)]
    pub files: Vec<PathBuf>,
}
